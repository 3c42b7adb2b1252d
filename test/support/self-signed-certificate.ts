/**
 * A self-signed certificate for localhost and 127.0.0.1, valid for a hundred years, and its key: for loopback servers in
 * tests, trusted by nobody. `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 36500 -nodes`.
 */
export const selfSigned = {
  cert: `-----BEGIN CERTIFICATE-----
MIIBmzCCAUGgAwIBAgIUcsM5oBY615g7wnD5P1VU9cguruowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMjA0NTk1OVoYDzIxMjYxMDI5
MDQ1OTU5WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATO0NvF5eTZ454bhbKYbGlXLM/g4uf36pIIx/qmvzqCxi6uV43Ill7g
UDUJxnct7cezw0IUQ5tcLIZgUWumHjRXo28wbTAdBgNVHQ4EFgQUwBMqwk4rShPq
lHFlUPJkr418+UUwHwYDVR0jBBgwFoAUwBMqwk4rShPqlHFlUPJkr418+UUwDwYD
VR0TAQH/BAUwAwEB/zAaBgNVHREEEzARgglsb2NhbGhvc3SHBH8AAAEwCgYIKoZI
zj0EAwIDSAAwRQIgTMN8XUvkcXIMl1WAetwbC1y0VdHq3Tt0QxIz6VDeAicCIQDc
d42ugFlJwliL1/iKTYdEvwauvw069U+zyh/DjxMsVg==
-----END CERTIFICATE-----`,
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgaYWUfJZ6WGaYnI+Z
JntHVBaGWiWv1/2QlambHq0VnHuhRANCAATO0NvF5eTZ454bhbKYbGlXLM/g4uf3
6pIIx/qmvzqCxi6uV43Ill7gUDUJxnct7cezw0IUQ5tcLIZgUWumHjRX
-----END PRIVATE KEY-----`,
};
