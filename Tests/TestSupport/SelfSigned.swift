/// A certificate for localhost and 127.0.0.1, valid for 100 years, that nobody vouches for. Made
/// for these tests with `openssl req -x509 -newkey ec`; its key guards nothing.
package enum SelfSigned {
    package static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmzCCAUGgAwIBAgIUDWy21UibasX1cE3NPnNj7z3v2lcwCgYIKoZIzj0EAwIw
        FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTA5MTYwOVoYDzIxMjYxMDI4
        MDkxNjA5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAATtiGGt6ll6ojBq814KPdXOGc0Gk88+caYmilxhn0CQCzxFRbSZuS+U
        mSVI8kqyD3mxPm0gMZSC3jK0/+bi9wZKo28wbTAdBgNVHQ4EFgQUEVijlQwFf3d4
        HBqIveGUHHY+mQAwHwYDVR0jBBgwFoAUEVijlQwFf3d4HBqIveGUHHY+mQAwDwYD
        VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
        zj0EAwIDSAAwRQIgEsfO2vrIMVXqu4DNjelb0eiUOSbMRcXRiWEZWnqxjqcCIQCU
        Gkqvo8HtR6UxdS9XHuUyUWXiM26vxguXeqn975WhGA==
        -----END CERTIFICATE-----
        """

    package static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgtHaO+wGSmd1jWD8u
        1/gV0XNnoN+fWCGzybkBM+t+KMGhRANCAATtiGGt6ll6ojBq814KPdXOGc0Gk88+
        caYmilxhn0CQCzxFRbSZuS+UmSVI8kqyD3mxPm0gMZSC3jK0/+bi9wZK
        -----END PRIVATE KEY-----
        """
}
