"""Messages as JSON: bytes are {"__bytes__": "hex"}."""


def plain(value):
    """Replaces the parts of `value` that JSON cannot represent."""
    if isinstance(value, (bytes, bytearray, memoryview)):
        return {"__bytes__": bytes(value).hex()}
    if isinstance(value, dict):
        return {key if isinstance(key, str) else repr(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def full(value):
    """The reverse of `plain`."""
    if isinstance(value, dict):
        return bytes.fromhex(value["__bytes__"]) if value.keys() == {"__bytes__"} else {
            key: full(item) for key, item in value.items()}
    if isinstance(value, list):
        return [full(item) for item in value]
    return value
