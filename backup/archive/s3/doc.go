// Package s3 is a store of archives in a bucket of Amazon S3 or of a server that speaks the
// same protocol.
//
// The keys of the bucket are found as other programs find them: AWS_ACCESS_KEY_ID and
// AWS_SECRET_ACCESS_KEY, ~/.aws/credentials with AWS_PROFILE, and the role of the machine.
// AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL names another server than Amazon's, AWS_REGION
// its region, and AWS_CA_BUNDLE who may sign its certificate.
//
// The package refuses a server that others on the way could read or answer ([ErrPlain]),
// except on the same computer. No error shows a key. A server that says nothing for a minute
// has failed, and no answer but the bytes of an object may have more than 16 MiB.
//
// A bucket with object lock keeps each version until a time: by the bucket's own rule, or
// as [Store.Put] asks. Deleting before is [archive.ErrRetained]; the package never asks the
// server to pass over a lock.
package s3
