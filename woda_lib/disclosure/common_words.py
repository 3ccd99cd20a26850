"""Words that say nothing of anybody: what a quotation is not recognised by, nor a name."""

from __future__ import annotations

COMMON = frozenset(
    "a about above after again against all also am an and any anyone are around as at away back be "
    "because been before being below between both but by came can cannot come could day days did "
    "do does doing done down during each either else ever every few first for from further gave "
    "get getting give given go goes going gone got had has have having he her here hers herself "
    "him himself his how i if in into is it its itself just keep kept last later made make many "
    "may me might more most much must my myself never next no none nor not nothing now of off on "
    "once one only or other others our out over own per put same saw say says see seen several "
    "shall she should since so some soon still such take taken than that the their them themselves "
    "then there these they this those though through time times to today told too took twice two "
    "under until up upon us very was we week weeks well went were what when where whether which "
    "while who whom whose why will with within without would year years yes yesterday yet you your "
    "yours yourself month months hour hours minute minutes im ive id shes hes theyre dont didnt "
    "doesnt isnt wasnt cant couldnt wont wouldnt hasnt havent hadnt "
    "monday tuesday wednesday thursday friday saturday sunday january february march april june "
    "july august september october november december jan feb mar apr jun jul aug sep sept oct nov "
    "dec mon tue tues wed thu thur thurs fri sat sun "
    "police officer officers victim suspect witness child children partner incident address call "
    "caller log referral dash marac crime county council district hospital school table figure "
    "mr mrs ms miss dr".split()
)
"""Function words, days and months, and what every log and every report speaks of."""

AMBIGUOUS = frozenset(
    "april art bill bob carol chase clay dawn dean dot drew faith frank gale gene grace grant guy "
    "hope iris ivy jack joy june mark may miles pat penny ray rich rob rose ruby sue summer violet "
    "wade will".split()
)
"""Names that are words too; at the beginning of a sentence nobody can tell which."""
