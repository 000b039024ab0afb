"""What a submission has earned, question by question; plain data that can be kept in a file."""

from dataclasses import asdict, dataclass, field

BY_HAND = "by hand"
TIMED_OUT = "timed out"
NOT_GRADED = "not graded"


@dataclass
class Question:
    """What an answer has earned.

    Parameters
    ----------
    most : float
        Points to earn.
    points : float or None
        Points earned; None: a person decides.
    state : str
        Why a person decides: `BY_HAND` for a written answer, `TIMED_OUT` for one that ran out of
        time also when it was tried again alone, `NOT_GRADED` for one on which the grader failed.
        Empty where points are given.
    feedback : str
        For the student: what was missing, in terms of ideas.
    title : str
        What people call the question, such as "2.1 Two neurons that excite each other".
    answer : str
        Text of a written answer, for whoever marks it.
    """

    most: float
    points: float | None
    state: str = ""
    feedback: str = ""
    title: str = ""
    answer: str = ""


@dataclass
class Result:
    """What a submission has earned.

    Parameters
    ----------
    student, assignment : str
        Whose it is, and of which assignment.
    questions : dict of str to Question
        By the id of the cell that gives the points, in the order of the notebook.
    remarks : list of str
        What was odd, for whoever grades and for the student.
    ended : bool
        Whether the process with the student's code ended meanwhile, by itself or by the system.
    notes : list of str
        For whoever grades only.
    """

    student: str
    assignment: str
    questions: dict = field(default_factory=dict)
    remarks: list = field(default_factory=list)
    ended: bool = False
    notes: list = field(default_factory=list)

    @property
    def earned(self):
        """Points so far."""
        return sum(question.points or 0 for question in self.questions.values())

    @property
    def most(self):
        """Points that can be earned."""
        return sum(question.most for question in self.questions.values())

    @property
    def pending(self):
        """Points that wait for a person."""
        return sum(q.most for q in self.questions.values() if q.points is None)

    def as_dict(self):
        """Return it as plain data, from which `from_dict` makes it again."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data):
        """Return the result that `as_dict` described."""
        questions = {name: Question(**one) for name, one in data["questions"].items()}
        return cls(**data | {"questions": questions})
