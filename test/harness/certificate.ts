/**
 * A self-signed certificate for 127.0.0.1, for tests only: everybody knows its key. Made by
 * `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500 -subj /CN=127.0.0.1
 * -addext subjectAltName=IP:127.0.0.1`.
 */
export const certificate = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTAyproEMKHKfNyT+
9VeoW/XM1ge3LgBfyDoYXX8rAh+hRANCAATUHQx+1ROzqtw/OiahQYJliFeZZvyw
ehADC48kZo26Zqg20iKlLq62g3/hhg/58aV5xfBHFtMe9ZFqdRNinu0S
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBkDCCATagAwIBAgIUMUlI/HcowYGQCoqqXlSZWiB6FGYwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyNDA4MzkzMFoYDzIxMjYxMDMx
MDgzOTMwWjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATUHQx+1ROzqtw/OiahQYJliFeZZvywehADC48kZo26Zqg20iKlLq62
g3/hhg/58aV5xfBHFtMe9ZFqdRNinu0So2QwYjAdBgNVHQ4EFgQUpUb0WWaQA4Kk
VDAM25/0DGWUpFMwHwYDVR0jBBgwFoAUpUb0WWaQA4KkVDAM25/0DGWUpFMwDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0gAMEUC
IQCZkIOAIo9K4f85ZOIPCAAWrsCg7zly9Mi8WNtR03pmHwIgJrQJ2KOpCQqVjVyo
iU8D7S0MjPxPLYkKfh52duhrMbU=
-----END CERTIFICATE-----
`,
};
