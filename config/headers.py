"""What every answer tells browsers: which of their powers pages may use, and who may embed what we send."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

# Named one by one: what is not named is for the page's own scripts. Names that browsers do not know make them grumble.
_FOR_NOBODY = (
    *("accelerometer", "autoplay"),
    *("browsing-topics", "camera", "display-capture", "encrypted-media", "gamepad", "gyroscope", "hid"),
    *("identity-credentials-get", "idle-detection", "keyboard-map", "local-fonts", "magnetometer", "microphone"),
    *("midi", "otp-credentials", "payment", "picture-in-picture", "screen-wake-lock", "serial", "storage-access"),
    *("usb", "window-management", "xr-spatial-tracking"),
)
# An officer's place on the map, copying a link, full screen, and passkeys.
_FOR_OURSELVES = (
    *("geolocation", "clipboard-write", "fullscreen", "publickey-credentials-create", "publickey-credentials-get"),
)
PERMISSIONS_POLICY = ", ".join(
    [*(f"{name}=(self)" for name in _FOR_OURSELVES), *(f"{name}=()" for name in _FOR_NOBODY)]
)


def guard(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware, outside of all others, so that static files carry the headers too."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS_POLICY
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return answer
