package s3

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"

	"preship/backup/archive"
	"preship/report/message"
	"preship/report/printable"
)

var (
	// ErrPlain is the error of a server that others on the way could read or answer.
	ErrPlain = message.Error(message.Say("archive.error.plain"), nil)
	// ErrEndpoint is the error of a text that is not the address of a server.
	ErrEndpoint = message.Error(message.Say("archive.error.endpoint"), nil)
	// ErrCredentials means that no keys for the bucket were found.
	ErrCredentials = message.Error(message.Say("archive.error.credentials"), nil)
	// ErrNotAllowed means that the server refuses the keys, or what they may do.
	ErrNotAllowed = message.Error(message.Say("archive.error.not-allowed"), nil)
	// ErrNoBucket means that the server has no such bucket.
	ErrNoBucket = message.Error(message.Say("archive.error.no-bucket"), nil)
	// ErrUnreachable means that the server does not answer.
	ErrUnreachable = message.Error(message.Say("archive.error.unreachable"), nil)
	// ErrRefused means that the server answers with an error of another kind.
	ErrRefused = message.Error(message.Say("archive.error.refused"), nil)
)

const (
	// partBytes is a part of an upload, and the memory it takes.
	partBytes = 16 << 20
	// listing is the longest that a list may take.
	listing = 10 * time.Minute
)

// Store is a place in a bucket. It implements [archive.Store].
type Store struct {
	core           minio.Core
	wire           *http.Transport
	bucket, prefix string

	mu    sync.Mutex
	locks *bool // whether the bucket locks objects; nil: not asked yet
}

// Open returns the store in a bucket, below prefix, without connecting. env reads the
// environment. The error is [ErrEndpoint], [ErrPlain], [ErrCredentials], or one of the file
// of AWS_CA_BUNDLE. The caller closes the store.
func Open(bucket, prefix string, env func(string) string) (*Store, error) {
	server, err := serverOf(env)
	if err != nil {
		return nil, err
	}
	client, wire, err := server.client()
	if err != nil {
		return nil, err
	}
	if prefix != "" {
		prefix += "/"
	}
	return &Store{core: minio.Core{Client: client}, wire: wire, bucket: bucket, prefix: prefix}, nil
}

// Put implements [archive.Store].
func (s *Store) Put(ctx context.Context, name string, r io.Reader, until time.Time) error {
	o := minio.PutObjectOptions{PartSize: partBytes, ContentType: "application/octet-stream"}
	if locks, err := s.canLock(ctx); err != nil {
		return err
	} else if locks {
		o.SendContentMd5 = true // a bucket with object lock demands it
	} else if !until.IsZero() {
		return archive.ErrCannotLock
	}
	if !until.IsZero() {
		o.Mode, o.RetainUntilDate = minio.Governance, until.UTC()
	}
	in := &source{r: r}
	_, err := s.core.Client.PutObject(ctx, s.bucket, s.prefix+name, in, -1, o)
	if in.err != nil {
		return in.err
	}
	err = s.failed(ctx, err)
	if errors.Is(err, ErrNotAllowed) { // a server that keeps one version refuses to write over it
		if until, asked := s.Until(ctx, archive.Version{Name: name}); asked == nil && !until.IsZero() {
			return archive.ErrRetained
		}
	}
	return err
}

// source notes the error of the reader. The client would take some of them for the end, and
// store a part as if it were all.
type source struct {
	r   io.Reader
	err error
}

var errSource = errors.New("the reader failed")

func (s *source) Read(b []byte) (int, error) {
	n, err := s.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
		err = errSource
	}
	return n, err
}

// Get implements [archive.Store].
func (s *Store) Get(ctx context.Context, name string) (io.ReadCloser, error) {
	r, _, _, err := s.core.GetObject(ctx, s.bucket, s.prefix+name, minio.GetObjectOptions{})
	if err != nil {
		return nil, s.failed(ctx, err)
	}
	return &body{ReadCloser: r, s: s, ctx: ctx}, nil
}

// body gives the errors of a connection their words.
type body struct {
	io.ReadCloser
	s   *Store
	ctx context.Context
}

func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		err = b.s.failed(b.ctx, err)
	}
	return n, err
}

// Versions implements [archive.Store].
func (s *Store) Versions(ctx context.Context, under string, each func(archive.Version) error) error {
	ctx, stop := context.WithTimeout(ctx, listing)
	defer stop()
	for o := range s.core.Client.ListObjectsIter(ctx, s.bucket, minio.ListObjectsOptions{Prefix: s.prefix + under, Recursive: true, WithVersions: true}) {
		if o.Err != nil {
			return s.failed(ctx, o.Err)
		}
		name, ok := strings.CutPrefix(o.Key, s.prefix)
		if !ok || !strings.HasPrefix(name, under) {
			continue // not the object asked for
		}
		v := archive.Version{Name: name, ID: o.VersionID, Size: o.Size, Latest: o.IsLatest}
		if o.IsDeleteMarker {
			v.Kind, v.Size = archive.Mark, 0
		}
		if err := each(v); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return s.failed(ctx, err)
	}
	return s.uploads(ctx, under, each)
}

// uploads lists uploads that did not end.
func (s *Store) uploads(ctx context.Context, under string, each func(archive.Version) error) error {
	key, id := "", ""
	for {
		page, err := s.core.ListMultipartUploads(ctx, s.bucket, s.prefix+under, key, id, "", 1000)
		if err != nil {
			return s.failed(ctx, err)
		}
		for _, u := range page.Uploads {
			name, ok := strings.CutPrefix(u.Key, s.prefix)
			if !ok || !strings.HasPrefix(name, under) {
				continue
			}
			if err := each(archive.Version{Name: name, ID: u.UploadID, Kind: archive.Unfinished}); err != nil {
				return err
			}
		}
		if !page.IsTruncated || page.NextKeyMarker == key && page.NextUploadIDMarker == id {
			return nil
		}
		key, id = page.NextKeyMarker, page.NextUploadIDMarker
	}
}

// Delete implements [archive.Store].
func (s *Store) Delete(ctx context.Context, v archive.Version) error {
	var err error
	if v.Kind == archive.Unfinished {
		err = s.core.AbortMultipartUpload(ctx, s.bucket, s.prefix+v.Name, v.ID)
	} else {
		err = s.core.RemoveObject(ctx, s.bucket, s.prefix+v.Name, minio.RemoveObjectOptions{VersionID: v.ID})
	}
	err = s.failed(ctx, err)
	if err == nil || errors.Is(err, archive.ErrNotThere) {
		return nil
	}
	// Servers say in several ways that a version is gone, or that a lock is in the way.
	if there, asked := s.there(ctx, v); asked == nil && !there {
		return nil
	}
	// Not every server says what keeps an older version: where a bucket locks, that is why.
	if locks, asked := s.canLock(ctx); asked == nil && locks && errors.Is(err, ErrNotAllowed) {
		return archive.ErrRetained
	}
	return err
}

// there reports whether a version is still listed.
func (s *Store) there(ctx context.Context, v archive.Version) (found bool, err error) {
	err = s.Versions(ctx, v.Name, func(o archive.Version) error {
		found = found || o.Name == v.Name && o.ID == v.ID
		return nil
	})
	return found, err
}

// Until implements [archive.Store]. A legal hold has no end.
func (s *Store) Until(ctx context.Context, v archive.Version) (time.Time, error) {
	if locks, err := s.canLock(ctx); err != nil || !locks || v.Kind != archive.Data {
		return time.Time{}, err
	}
	info, err := s.core.StatObject(ctx, s.bucket, s.prefix+v.Name, minio.StatObjectOptions{VersionID: v.ID})
	if err = s.failed(ctx, err); err != nil {
		return time.Time{}, err
	}
	if strings.EqualFold(info.Metadata.Get(holdHeader), string(minio.LegalHoldEnabled)) {
		return archive.Forever, nil
	}
	text := info.Metadata.Get(untilHeader)
	if text == "" {
		return time.Time{}, nil
	}
	until, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return archive.Forever, nil // kept, until a time that cannot be read
	}
	return until.UTC(), nil
}

// The headers that say what keeps a version. The calls that ask for nothing else are
// answered differently by different servers.
const (
	holdHeader  = "X-Amz-Object-Lock-Legal-Hold"
	untilHeader = "X-Amz-Object-Lock-Retain-Until-Date"
)

// canLock reports whether the bucket locks objects.
func (s *Store) canLock(ctx context.Context) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.locks != nil {
		return *s.locks, nil
	}
	enabled, _, _, _, err := s.core.GetObjectLockConfig(ctx, s.bucket)
	err = s.failed(ctx, err)
	var r *refusal
	switch {
	case errors.As(err, &r) && (r.code == "ObjectLockConfigurationNotFoundError" || r.code == "NoSuchObjectLockConfiguration" || r.status == http.StatusNotImplemented || r.code == "MethodNotAllowed"):
		enabled = ""
	case err != nil:
		return false, err
	}
	s.locks = new(enabled == "Enabled")
	return *s.locks, nil
}

// Close implements [archive.Store].
func (s *Store) Close() error {
	s.wire.CloseIdleConnections()
	return nil
}

// refusal is an [ErrRefused] with the server's code.
type refusal struct {
	code   string
	status int
}

func (r *refusal) Error() string { return r.Sentence().String() }
func (r *refusal) Unwrap() error { return ErrRefused }

// Sentence says the server's code.
func (r *refusal) Sentence() message.Sentence {
	return message.Join(message.Colon, message.Of(ErrRefused), message.AsIs(printable.Text(r.code)))
}

// failed gives an error of the client the words of its kind, without what a server said,
// which may hold anything.
func (s *Store) failed(ctx context.Context, err error) error {
	var r minio.ErrorResponse
	switch {
	case err == nil:
		return nil
	case errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	case errors.Is(err, errAnswer):
		return errAnswer
	case !errors.As(err, &r) || r.StatusCode == 0 && r.Code == "":
		return ErrUnreachable
	}
	switch r.Code {
	case "NoSuchKey", "NoSuchVersion", "NoSuchUpload", "NotFound":
		return archive.ErrNotThere
	case "NoSuchBucket":
		return ErrNoBucket
	case "XAdminUserNotFound": // versitygw, with the status of a missing object
		return ErrNotAllowed
	}
	if r.StatusCode == http.StatusUnauthorized || r.StatusCode == http.StatusForbidden {
		return ErrNotAllowed
	}
	return &refusal{r.Code, r.StatusCode}
}
