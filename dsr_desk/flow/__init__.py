"""The flow, one module a stage. This page is the table of contents of the product.

=========  =============================================  =====================================================
module     takes                                          gives
=========  =============================================  =====================================================
receive    a right, identifiers, the day of receipt       a request, with the day it is due; later its end
search     identifiers                                    findings: every row that is this person's, and how it
                                                          was reached (``reach`` decides, ``answers`` remembers,
                                                          ``owners`` climbs, ``people`` tells two people apart)
review     rows, a reason                                 decisions: included, left out, waived, revealed
plan       a fresh and complete search                    a plan: every field's outcome, one digest (``refuse``
                                                          says what can't be, ``order`` what comes first)
approve    a plan's digest                                an approval: signed, with the trail's checkpoint
apply      an approved plan                               what was done, system by system, or why not
verify     an applied plan                                the balance: before = erased + retained + left out +
                                                          by hand + left over; and what the raw bytes still hold
tasks      manual systems and rows                        what only a person can do, and their answers
disclose   a search                                       the person's data as files
report     everything above                               the report
=========  =============================================  =====================================================

``pointers`` clears what points to a row that goes, ``standing`` says what a request allows now, ``record`` joins journal and
trail in one transaction, ``systems`` opens the drivers, ``workers`` owns threads and processes, ``catalogs`` is the catalog of a
workspace, ``desk`` all of it over one open workspace, and ``sample`` the invented company.
"""
