"""What people read: reports and packages, as HTML and files."""
