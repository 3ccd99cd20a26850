"""The codebook of the made-up texts: what counts as a mention of each flag, and in which state."""

from __future__ import annotations

import numpy as np
import pandas as pd

from woda_lib.synthetic.domestic_abuse.histories import FLAGS
from woda_lib.synthetic.domestic_abuse.templates import REGISTERS

STATES = ("now", "past", "hypothetical", "negated", "someone_else")
"""States of a mention, strongest first; a text's label of a flag is its strongest mention."""

FLAG_MEANINGS = {
    "strangulation": (
        "pressure on the neck or throat, or breath stopped in another way (non-fatal "
        "strangulation and suffocation); a threat to strangle is hypothetical"
    ),
    "weapons": (
        "a weapon, or an object used or held as one; a threat to use or fetch one is hypothetical; "
        "a hand or foot is none, a thing broken in temper is none, nor is a threat that names none"
    ),
    "pregnancy": (
        "the victim is pregnant; past: was (a miscarriage, an earlier pregnancy); hypothetical: "
        "may be, a test awaited, or hopes to be"
    ),
    "stalking": (
        "following, watching, tracking, turning up, or unwanted contact again and again; one "
        "message or call is not"
    ),
    "coercive_control": (
        "one of them governs the other's money, telephone, clothes, movements or company"
    ),
    "threats_to_kill": (
        "a threat that somebody will be killed, whatever condition is put on it, is now; a fear "
        "that it may come to killing, without a threat, is hypothetical"
    ),
    "suicidal_thoughts": (
        "victim or perpetrator thinks of, threatens, plans or attempts suicide or self-harm; a "
        "threat of it, whatever its condition, is now; worry about what they may do, "
        "hypothetical"
    ),
    "sexual_violence": "sexual acts or touching without consent, or under pressure",
    "honour_based_abuse": (
        "abuse for the honour or shame of a family or community; forced marriage"
    ),
    "child_harm": (
        "a child is hurt, threatened with harm, neglected or caught up in the violence; a child "
        "who is only present, asleep or upset is no mention, nor is an unborn one"
    ),
    "alcohol": "victim or perpetrator has drunk too much, or depends on alcohol",
    "drugs": "victim or perpetrator uses illegal drugs or misuses medicines",
    "mental_health": (
        "a mental illness, crisis or treatment of the victim or perpetrator; suicidal thoughts "
        "are their own flag and alone no mention of this one"
    ),
    "separation": (
        "the relationship is ending or ended lately, or one is moving out; past: they parted "
        "before and got back together, or parted long ago; hypothetical: thinks of leaving, or "
        "is told what will follow *if* they leave; the word ex is no mention"
    ),
    "pets": (
        "an animal is hurt, killed, taken or threatened; an animal that is only there is no mention"
    ),
}
"""What counts as a mention of each flag, for whoever labels texts or writes rules."""


def label_texts(
    mentions: pd.DataFrame, incidents: np.ndarray, held_back: np.ndarray
) -> pd.DataFrame:
    """Take the strongest mention of each flag in each text.

    Parameters
    ----------
    mentions : pandas.DataFrame
        A row a mention: ``row`` (of the incident), ``register, flag, state`` (positions in
        `REGISTERS`, `FLAGS`, `STATES`), ``template``, and ``also`` (a list of further flags and
        states that the same sentence mentions).
    incidents, held_back : numpy.ndarray
        Number of each incident, and whether its texts are of the held-back set.

    Returns
    -------
    pandas.DataFrame
        ``incident, text, flag, state, template, held_back``, a row a text and flag.
    """
    also = mentions["also"].explode().dropna()
    further = mentions.loc[also.index, ["row", "register", "template"]]
    further["flag"] = [FLAGS.index(flag) for flag, _ in also]
    further["state"] = [STATES.index(state) for _, state in also]
    every = pd.concat([mentions, further], ignore_index=True)
    key = ["row", "register", "flag"]
    strongest = every.sort_values([*key, "state"], kind="stable").drop_duplicates(key)
    rows = strongest["row"].to_numpy(dtype=int)
    return pd.DataFrame(
        {
            "incident": incidents[rows],
            "text": [f"{REGISTERS[register]}_text" for register in strongest["register"]],
            "flag": [FLAGS[flag] for flag in strongest["flag"]],
            "state": [STATES[state] for state in strongest["state"]],
            "template": strongest["template"].to_numpy(),
            "held_back": held_back[rows],
        }
    )
