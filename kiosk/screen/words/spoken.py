"""What can be said aloud, by prompt: nothing in it depends on the store or on an answer."""

from __future__ import annotations

from kiosk.core.effects import Prompt
from kiosk.screen.words import Say


def spoken(say: Say) -> dict[Prompt, str]:
    """The sentences of one language."""
    return {
        Prompt.RESTING: say("When you have paid, tell us how it was. One touch is enough."),
        Prompt.ASKING: say(
            "How was it today? There are three faces. On the left or above: bad. In the middle: "
            "fair. On the right or below: good. Nobody sees what you touch."
        ),
        Prompt.THANKS: say(
            "Thank you! Your answer is kept, and it is anonymous. You may touch what mattered "
            "most, or just leave."
        ),
        Prompt.SORRY: say("We are sorry. Your answer could not be kept. It is our fault."),
        Prompt.FACES: say("Touch one of the three faces, then go on."),
        Prompt.SCALE: say("Touch a number from zero to ten, then go on."),
        Prompt.STARS: say("Touch one to five stars, then go on."),
        Prompt.ONE: say("Touch one answer, then go on."),
        Prompt.MANY: say("Touch every answer that is right for you, then go on."),
        Prompt.TEXT: say("Write with the letters on the screen if you like, then go on."),
        Prompt.RANKING: say("Touch the answers in your order, the most important first."),
        Prompt.STILL_THERE: say("Are you still there? Touch the screen to stay."),
    }
