"""A question to a language model behind an OpenAI-compatible address, answered by a JSON schema."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from acca_crawler.assist.service import post_json
from acca_crawler.exceptions import ServiceError


@dataclass(frozen=True, slots=True)
class Chat:
    """An address (the part before `/chat/completions`) with its model, API key and limit of a request in seconds."""

    url: str
    model: str
    key: str
    seconds: float

    def ask(self, instructions: str, question: str, name: str, schema: dict[str, Any]) -> tuple[object, str]:
        """Return the model's answer, parsed, and the name of the model that gave it. Raises `ServiceError`."""
        document = {
            "model": self.model,
            "temperature": 0,
            "messages": [{"role": "system", "content": instructions}, {"role": "user", "content": question}],
            "response_format": {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}},
        }
        answer = post_json(f"{self.url.rstrip('/')}/chat/completions", self.key, document, self.seconds)
        try:
            content = answer["choices"][0]["message"]["content"]
        except (LookupError, TypeError):
            raise ServiceError("the answer has no message") from None
        named = answer.get("model")
        try:
            return json.loads(content), named if isinstance(named, str) and named else self.model
        except (ValueError, TypeError, RecursionError):
            raise ServiceError("the model's message is not JSON") from None
