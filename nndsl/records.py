"""Dataclasses that are made quickly.

The standard `dataclass` imports a dozen modules and compiles up to seven functions for
a class; for the seventy of this package that takes longer than reading and checking a
spec.  Here a class compiles one, its `__init__`, and only if many objects are made of
it; comparison, hash, text and freezing are shared.
`dataclasses.replace`, `fields` and `match` work as with the standard ones.

Not there, because nothing here needs it: inheritance, `order`, `InitVar`, `ClassVar`.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from dataclasses import field as field
    from dataclasses import replace as replace
else:
    from itertools import count
    from operator import attrgetter

    _FEW = 10
    """How many objects of a class are made before its `__init__` is compiled."""
    _MISSING = object()

    def replace(record, /, **changes):
        """A record like this one but for the fields named."""
        kept = {name: getattr(record, name) for name in record._fields}
        return type(record)(**{**kept, **changes})

    class field:
        """The standard `field`; it becomes what the class knows of the field."""

        __slots__ = ("compare", "default", "default_factory", "kw_only", "repr", "type")

        def __init__(
            self,
            *,
            default=_MISSING,
            default_factory=_MISSING,
            repr=True,
            compare=True,
            kw_only=False,
        ):
            self.default = default
            self.default_factory = default_factory
            self.repr = repr
            self.compare = compare
            self.kw_only = kw_only

    class _StandardFields:
        """`__dataclass_fields__`, made when the standard functions ask for it."""

        def __init__(self, fields):
            self.fields = fields
            self.made = None

        def __get__(self, record, owner):
            if self.made is None:
                self.made = {n: _standard(n, each) for n, each in self.fields.items()}
            return self.made

    def _standard(name, each):
        import dataclasses

        options = {key: getattr(each, key) for key in ("repr", "compare", "kw_only")}
        if each.default is not _MISSING:
            options["default"] = each.default
        if each.default_factory is not _MISSING:
            options["default_factory"] = each.default_factory
        made = dataclasses.field(**options)
        made.name, made.type = name, each.type
        made._field_type = dataclasses._FIELD
        return made

    def dataclass(cls=None, /, **options):
        """The standard decorator's `frozen`, `slots`, `eq` and `repr`."""
        if cls is None:
            return lambda decorated: _make(decorated, **options)
        return _make(cls)

    def _make(cls, *, frozen=False, slots=False, eq=True, repr=True):
        names = list(cls.__annotations__)
        body = {
            key: value
            for key, value in cls.__dict__.items()
            if key not in ("__dict__", "__weakref__", *names)
        }
        fields = {name: _field(cls, name) for name in names}
        if slots:
            body["__slots__"] = tuple(names)
        body["_fields"] = fields
        body["__dataclass_fields__"] = _StandardFields(fields)
        body["__match_args__"] = tuple(
            name for name, each in fields.items() if not each.kw_only
        )
        if eq:
            compared = [name for name, each in fields.items() if each.compare]
            body["_compared"] = attrgetter(*compared or ["__class__"])
            body["__eq__"] = _equal
            body["__hash__"] = _hash if frozen else None
        if repr:
            body["__repr__"] = _text
        if frozen:
            body["__setattr__"] = _refuse_set
            body["__delattr__"] = _refuse_delete
            body["__getstate__"] = _state
            body["__setstate__"] = _restore
        post = "__post_init__" in body
        counted = count(1)

        def first(self, *arguments, **named):
            if next(counted) > _FEW or not _filled(self, arguments, named):
                made.__init__ = _init(fields, frozen, post)
                made.__init__(self, *arguments, **named)
            elif post:
                self.__post_init__()

        body["__init__"] = first
        made = type(cls)(cls.__name__, cls.__bases__, body)
        made.__qualname__ = cls.__qualname__
        return made

    def _field(cls, name):
        made = cls.__dict__.get(name, _MISSING)
        if not isinstance(made, field):
            made = field(default=made)
        made.type = cls.__annotations__[name]
        return made

    def _filled(record, arguments, named):
        """Set every field as the compiled `__init__` does; False for a wrong call."""
        given = {**dict(zip(record.__match_args__, arguments, strict=False)), **named}
        whole = len(given) == len(arguments) + len(named)
        for name, each in record._fields.items():
            if name in given:
                value = given.pop(name)
            elif each.default is not _MISSING:
                value = each.default
            elif each.default_factory is not _MISSING:
                value = each.default_factory()
            else:
                return False
            object.__setattr__(record, name, value)
        return whole and not given

    def _init(fields, frozen, post):
        """The constructor, positional fields first, keyword-only ones behind."""
        known = {"_set": object.__setattr__, "_missing": _MISSING}
        heads, tails, lines = [], [], []
        for name, each in fields.items():
            word, value = name, name
            if each.default is not _MISSING:
                known[f"_default_{name}"] = each.default
                word = f"{name}=_default_{name}"
            elif each.default_factory is not _MISSING:
                known[f"_make_{name}"] = each.default_factory
                word = f"{name}=_missing"
                value = f"_make_{name}() if {name} is _missing else {name}"
            (tails if each.kw_only else heads).append(word)
            lines.append(
                f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}"
            )
        if tails:
            heads += ["*", *tails]
        if post:
            lines.append("self.__post_init__()")
        text = f"def __init__({', '.join(['self', *heads])}):\n "
        exec(text + "\n ".join(lines or ["pass"]), known)
        return known["__init__"]

    def _equal(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        return self is other or self._compared(self) == self._compared(other)

    def _hash(self):
        return hash(self._compared(self))

    def _text(self):
        shown = (
            f"{name}={getattr(self, name)!r}"
            for name, each in self._fields.items()
            if each.repr
        )
        return f"{self.__class__.__qualname__}({', '.join(shown)})"

    def _refuse_set(self, name, value):
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _refuse_delete(self, name):
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def _state(self):
        return [getattr(self, name) for name in self._fields]

    def _restore(self, state):
        for name, value in zip(self._fields, state, strict=True):
            object.__setattr__(self, name, value)
