"""What Python raises and nobody catches would end the call as a bare trap. As the contract's `internal` it says where it was raised."""

import functools
import traceback

from componentize_py_types import Err
from wit_world.imports.types import Error_Internal


def as_internal_errors(driver: type) -> type:
    """Wraps every function of the contract."""
    for name, function in list(vars(driver).items()):
        # `describe` has no error to answer.
        if not name.startswith("_") and name != "describe" and callable(function):
            setattr(driver, name, _wrapped(function))
    return driver


def _wrapped(function):
    @functools.wraps(function)
    def call(*arguments):
        try:
            return function(*arguments)
        except Err:
            raise
        except Exception as error:
            at = traceback.extract_tb(error.__traceback__)[-1]
            place = f"{at.filename.rsplit('/', 1)[-1]} line {at.lineno}, in {at.name}"
            raise Err(Error_Internal(f"{type(error).__name__}: {error} ({place})")) from error

    return call
