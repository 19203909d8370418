"""How a web service is spoken to that its catalog file describes: addresses, answers, pages, and what goes wrong on the way."""
