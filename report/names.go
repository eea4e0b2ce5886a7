package report

const sigName = "SHA256SUMS.sig"
