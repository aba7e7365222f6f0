"""What a browser may do with our pages, beside the Content-Security-Policy and what Django says."""

#: What no page of ours uses, and no script that would come in some day may ask for; security keys are ours alone.
UNUSED = "accelerometer autoplay camera display-capture encrypted-media fullscreen geolocation gyroscope magnetometer"
UNUSED += " microphone midi payment picture-in-picture screen-wake-lock usb web-share xr-spatial-tracking"
OURS = "publickey-credentials-create publickey-credentials-get"
PERMISSIONS = ", ".join(
    [*(f"{name}=()" for name in UNUSED.split()), *(f"{name}=(self)" for name in OURS.split())]
)


def shut_what_is_not_used(get_response):
    """No other site may show our files in its pages, no page of ours may use the camera, the position…"""

    def answer(request):
        response = get_response(request)
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response

    return answer
