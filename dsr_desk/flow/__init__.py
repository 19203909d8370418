"""The flow, one module a stage. This page is the table of contents of the product.

=========  =============================================  =====================================================
module     takes                                          gives
=========  =============================================  =====================================================
receive    a right, identifiers, the day of receipt       a request, with the day it is due; later its end
search     identifiers                                    findings: every row that is this person's, and how it
                                                          was reached
review     rows, a reason                                 decisions: included, left out, waived, revealed
plan       a fresh and complete search                    a plan: every field's outcome, one digest
approve    a plan's digest                                an approval: signed, with the trail's checkpoint
apply      an approved plan                               what was done, system by system, or why not
verify     an applied plan                                the balance: before = erased + changed + retained +
                                                          left out + by hand + left over; and what the raw
                                                          bytes still hold
tasks      manual systems and rows, recipients            what only a person can do, and their answers
disclose   a search                                       the person's data as files
report     everything above                               the report
evidence   a request                                      what proves it without this program
shred      a closed request                               nothing: its own data goes, the trail stays
=========  =============================================  =====================================================

What stands behind them, a folder each:

* **receiving**: ``following`` opens requests that end or undo an earlier one, ``listing`` reads a list of people, ``many`` says who
  is on it and what became of each, ``called`` what people call a request, ``extend`` gives more time to answer.
* **searching**: ``reach`` decides, ``answers`` remembers, ``owners`` climbs, ``people`` tells two people apart; of a list of
  people, ``ahead`` asks what all of them are sure to need and ``merge`` joins what was found. ``rivals`` are rows of one kind where
  one person has only one. ``questions`` tells those of a second search, with what answered before and after. ``emptied`` says where
  nothing is any more and something was.
* **planning**: ``told`` and ``former`` make a case ready for its right, ``corrections`` checks told values (``forms`` how they are
  written, ``fit`` the column's type); ``detach`` lets shared rows go, ``pointers`` clears what points to a row that goes (in
  lists: ``entries``);
  ``values`` fixes new values; ``order`` says what comes first (``circles``); ``refuse`` holds it against the schema and
  ``foresee`` against the live system; ``relied`` remembers what of the schema it relied on; ``blocks`` against legal holds
  (``holds``, ``holding``) and restrictions (``restricted``, which ``chains`` finds without opening every request); ``caution``
  says what to know.
* **applying**: ``four_eyes`` counts who stands by a plan, and says who is still asked; ``standing`` says what a request allows
  now, ``record`` joins journal and trail in one transaction; ``residue`` reads raw bytes; ``lock`` opens and destroys what tokens
  stand for.
* **reporting**: ``words``, ``kept`` and ``tables`` of a report, what an ``authority`` asks; ``period`` counts many requests;
  ``inform`` writes the sheet of Art. 15(1); ``verifier`` is the script that a report names.
* **proving**: ``bundle_file`` packs and unpacks evidence and receipts; ``anchors`` gives checkpoints to somebody outside
  (``timestamp``: an authority), ``kept`` reads those that come back; ``trail`` verifies, ``clock`` notices a clock that jumped.

``systems`` opens the drivers, ``workers`` owns threads and processes, ``access`` records looks and what was refused.
``roles`` says who may do what, ``operators`` who works here. ``discover`` drafts a catalog file from a live system, ``editing``
checks, tries and writes such files as they are typed, ``versions`` keeps what was accepted and brings it back, ``exchange`` reads
and writes fides datasets. ``catalogs``, ``cases``, ``reports`` and ``desk`` are all of it over one open workspace, each adding to
the one before, and ``sample`` is the invented company.
"""
