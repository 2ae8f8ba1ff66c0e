"""What can be said aloud, by prompt: nothing in it depends on the store or on an answer."""

from __future__ import annotations

from kiosk.core.sayings import Prompt
from kiosk.screen.words import Say


def spoken(say: Say) -> dict[Prompt, str]:
    """The sentences of one language."""
    return {**_of_pages(say), **_of_questions(say), **_of_keys(say)}


def _of_pages(say: Say) -> dict[Prompt, str]:
    return {
        Prompt.RESTING: say("When you have paid, tell us how it was. One touch is enough."),
        Prompt.INVITED: say("Press the middle button to tell us more:"),
        Prompt.YOU_SAID: say("You said:"),
        Prompt.WE_DID: say("We did:"),
        Prompt.ASKING: say(
            "There are three faces. On the left or above: bad. In the middle: fair. "
            "On the right or below: good. Nobody sees what you touch."
        ),
        Prompt.LEAVING: say("This question goes soon. Touch the screen beside the faces to stay."),
        Prompt.THANKS: say(
            "Thank you! Your answer is kept, and it is anonymous. You may touch what mattered "
            "most, or just leave."
        ),
        Prompt.PLAIN_THANKS: say("Thank you! Your answer is kept, and it is anonymous."),
        Prompt.SORRY: say("We are sorry. Your answer could not be kept. It is our fault."),
    }


def _of_questions(say: Say) -> dict[Prompt, str]:
    return {
        Prompt.FACES: say(
            "There are three faces. On the left or above: bad. In the middle: fair. "
            "On the right or below: good."
        ),
        Prompt.SCALE: say("Touch a number from zero to ten, then go on."),
        Prompt.STARS: say("Touch one to five stars, then go on."),
        Prompt.ONE: say("Touch one answer, then go on."),
        Prompt.MANY: say("Touch every answer that is right for you, then go on."),
        Prompt.TEXT: say("Write with the letters on the screen if you like, then go on."),
        Prompt.RANKING: say("Touch the answers in your order, the most important first."),
        Prompt.NEEDED: say("An answer is needed to go on."),
        Prompt.BY_BUTTONS: say(
            "The left and the right button go through the answers, the middle one chooses."
        ),
        Prompt.TEXT_BY_BUTTONS: say(
            "This is written on the screen. The left and the right button go to “skip”, "
            "the middle one chooses it."
        ),
        Prompt.STILL_THERE: say(
            "Are you still there? Touch the screen, or press a button, to stay."
        ),
    }


def _of_keys(say: Say) -> dict[Prompt, str]:
    """What the keys are called on the glass; the arrows beside them are not said."""
    named = {
        Prompt.BACK: say("‹ Back"),
        Prompt.LEAVE: say("Leave"),
        Prompt.NEXT: say("Next ›"),
        Prompt.SKIP: say("Skip ›"),
        Prompt.DONE: say("Done"),
        Prompt.CHANGE: say("Change my answer"),
        Prompt.INVITATION: say("Tell us more ›"),
        Prompt.CHOSEN: say("Chosen."),
    }
    return {prompt: word.strip("‹› ") for prompt, word in named.items()}
