"""One file a page. A page takes what it needs in its constructor and shows what it is given."""
