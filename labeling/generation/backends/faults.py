"""What can go wrong with a model server, as candidates record it."""

from labeling.generation.backends.port import Failure

TIMED_OUT = Failure(
    "The server did not finish its answer in time.",
    "Use fewer new tokens, or retry when the server is less busy.",
    retriable=True,
)
UNREACHABLE = Failure(
    "The server could not be reached, or broke the connection off.",
    "Check that it runs and that its base_url in MODEL_ENDPOINTS is right, then retry.",
    retriable=True,
)
REDIRECTED = Failure(
    "The server answered with a redirect, which is never followed.",
    "Set base_url in MODEL_ENDPOINTS to the address it redirects to.",
)
NOT_ALLOWED = Failure(
    "The server's name leads to an address that it must not have.",
    "It is this machine's own, or none of a host. If that is meant, write the address itself "
    "into base_url in MODEL_ENDPOINTS.",
)
TOO_LARGE = Failure(
    "The server's answer was larger than 2 MB.",
    "Use fewer new tokens, or check what answers at this address.",
)
CEILING = Failure(
    "The run has reached the most that it may cost.",
    "Raise its ceiling, then retry what failed.",
)
TRY_AGAIN = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
REMEDIES = {
    400: "It may not know a parameter that was sent, or the prompt is too long for the model.",
    401: "Set the api_key of this endpoint in MODEL_ENDPOINTS.",
    403: "The key of this endpoint may not use this model; check both.",
    404: "Check the model's name, and that base_url in MODEL_ENDPOINTS ends as the server wants.",
    413: "The prompt is too long for this server.",
    422: "It may not know a parameter that was sent.",
    429: "The server limits its use; retry later or raise the limit there.",
}


class Refused(Exception):
    """The server answered with an error; ``wait`` is its Retry-After in seconds, if any."""

    def __init__(self, status: int, wait: float | None) -> None:
        super().__init__(status)
        self.status, self.wait = status, wait

    def failure(self) -> Failure:
        """Return what a candidate records of it."""
        default = "The server has a fault; look at its log, then retry."
        return Failure(
            f"The server answered {self.status}.",
            REMEDIES.get(self.status, default),
            retriable=self.status in TRY_AGAIN,
        )


class TooLarge(Exception):
    """The answer passed the limit; what came of it is dropped."""
