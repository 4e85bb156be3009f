"""A number as people read it. By itself, so that who formats numbers loads no writer of workbooks."""


class NumberText(str):
    """A number as people read it; a cell holds the number itself. style: the number format of the cell."""

    number: float
    style: str

    def __new__(cls, text: str, number: float, style: str) -> "NumberText":
        made = super().__new__(cls, text)
        made.number, made.style = number, style
        return made
