"""Questions of every kind as a real store would ask them, in the kiosk's four languages."""

from __future__ import annotations

from dataclasses import replace

from kiosk.core.discretion import ANSWERED
from kiosk.core.effects import Questioning
from shared.questionnaires import Answer
from shared.questions import Choice, Kind, Question, Questionnaire
from shared.texts import Texts

LANGUAGES = ("es", "en", "pt", "ar")


def told(spanish: str, english: str, portuguese: str, arabic: str) -> Texts:
    """The same in all four."""
    return dict(zip(LANGUAGES, (spanish, english, portuguese, arabic), strict=True))


WORDS = (
    told("La panadería", "The bakery", "A padaria", "المخبز"),
    told("Fruta y verdura", "Fruit and vegetables", "Frutas e legumes", "الفواكه والخضروات"),
    told("La pescadería", "The fish counter", "A peixaria", "قسم السمك"),
    told("La carnicería", "The meat counter", "O açougue", "قسم اللحوم"),
    told("Productos de limpieza", "Cleaning products", "Produtos de limpeza", "منتجات التنظيف"),
    told("Bebidas", "Drinks", "Bebidas", "المشروبات"),
    told("Congelados", "Frozen food", "Congelados", "المجمدات"),
    told("Comida para mascotas", "Pet food", "Ração para animais", "طعام الحيوانات الأليفة"),
    told("Papelería y juguetes", "Stationery and toys", "Papelaria e jogos", "القرطاسية والألعاب"),
    told("Perfumería", "Toiletries", "Perfumaria", "العطور"),
    told("Ofertas de la semana", "Offers of the week", "Ofertas da semana", "عروض الأسبوع"),
    told("Otra cosa", "Something else", "Outra coisa", "شيء آخر"),
)


def choices(count: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"c{number}", text) for number, text in enumerate(WORDS[:count]))


MOOD = Question(
    "mood",
    Kind.FACES,
    told(
        "¿Cómo te atendieron hoy?",
        "How were you served today?",
        "Como foi o atendimento hoje?",
        "كيف كانت الخدمة اليوم؟",
    ),
)
FRIEND = Question(
    "friend",
    Kind.SCALE,
    told(
        "¿Nos recomendarías a un amigo?",
        "Would you recommend us to a friend?",
        "Você nos recomendaria a um amigo?",
        "هل تنصح صديقًا بزيارتنا؟",
    ),
    low=told("nada probable", "not at all likely", "nada provável", "غير محتمل أبدًا"),
    high=told("muy probable", "extremely likely", "muito provável", "محتمل جدًا"),
    required=True,
)
TIDY = Question(
    "tidy",
    Kind.STARS,
    told(
        "¿Qué tan limpia estaba la tienda?",
        "How clean was the store?",
        "A loja estava limpa?",
        "ما مدى نظافة المتجر؟",
    ),
    low=told("sucia", "dirty", "suja", "متسخ"),
    high=told("impecable", "spotless", "impecável", "نظيف تمامًا"),
)
CAME = Question(
    "came",
    Kind.ONE,
    told(
        "¿Qué compraste sobre todo?",
        "What did you mainly buy?",
        "O que você mais comprou?",
        "ما أكثر ما اشتريت؟",
    ),
    choices(6),
)
BETTER = Question(
    "better",
    Kind.MANY,
    told(
        "¿Qué secciones te gustaría que mejoráramos antes del verano?",
        "Which departments should we improve before next summer?",
        "Quais seções devemos melhorar antes do próximo verão?",
        "ما الأقسام التي ينبغي أن نحسّنها قبل الصيف القادم؟",
    ),
    choices(12),
)
ORDER = Question(
    "order",
    Kind.RANKING,
    told(
        "¿Qué te importa más?",
        "What matters most to you?",
        "O que mais importa para você?",
        "ما الأهم بالنسبة إليك؟",
    ),
    choices(5),
)
MORE = Question(
    "more",
    Kind.TEXT,
    told(
        "¿Qué podemos hacer mejor?",
        "What can we do better?",
        "O que podemos fazer melhor?",
        "ما الذي يمكننا تحسينه؟",
    ),
)

EVERY = (MOOD, FRIEND, TIDY, CAME, BETTER, ORDER, MORE)

QUESTIONNAIRE = Questionnaire(
    "summer",
    1,
    told("Un minuto para ti", "A minute for you", "Um minuto para você", "دقيقة من وقتك"),
    LANGUAGES,
    EVERY,
)

WRITTEN = told(
    "Más cajas por la tarde y pan de centeno.",
    "More registers open in the evening, and rye bread.",
    "Mais caixas à tarde e pão de centeio.",
    "المزيد من الصناديق مساءً",
)


def answer_to(question: Question, language: str) -> Answer:
    """What somebody answers to it."""
    answers: dict[Kind, Answer] = {
        Kind.FACES: ANSWERED,
        Kind.SCALE: 9,
        Kind.STARS: 4,
        Kind.ONE: "c1",
        Kind.MANY: ["c1", "c4"],
        Kind.RANKING: ["c2", "c0"],
        Kind.TEXT: WRITTEN[language],
    }
    return answers[question.kind]


def asked(question: Question, language: str = "es", answer: Answer | None = None) -> Questioning:
    """The page of that question, where it stands in the questionnaire."""
    number = EVERY.index(question) + 1 if question in EVERY else 2
    return Questioning(language, question, question.choices, answer, number, len(EVERY))


def answered(question: Question, language: str = "es") -> Questioning:
    """The same with an answer."""
    return asked(question, language, answer_to(question, language))


def last_of_many(question: Question, language: str = "es") -> Questioning:
    """The same at the end of a long questionnaire, walked by the buttons."""
    return replace(asked(question, language), number=30, of=30, marked=1)


def warned(question: Question, language: str = "es") -> Questioning:
    """The same where nobody touched anything for a while."""
    return replace(answered(question, language), seconds_left=10)
