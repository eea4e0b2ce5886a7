package wire

import (
	"fmt"
	"io"
)

// MaxRequest is the longest service string a server accepts: its length is
// four hexadecimal digits.
const MaxRequest = 0xffff

// Status words that begin every answer of a server.
const (
	StatusOkay = "OKAY"
	StatusFail = "FAIL"
)

// FailError is a FAIL answer. Message is the peer's own text, untrusted.
type FailError struct {
	Message string
}

func (e *FailError) Error() string { return fmt.Sprintf("refused: %q", e.Message) }

// AppendBlock appends b behind its length in four hexadecimal digits, the form
// of requests to a server and of most of its answers.
func AppendBlock(dst, b []byte) ([]byte, error) {
	if len(b) > MaxRequest {
		return dst, fmt.Errorf("%w: block of %d bytes, at most %d fit", ErrMalformed, len(b), MaxRequest)
	}
	dst = fmt.Appendf(dst, "%04x", len(b))
	return append(dst, b...), nil
}

// ReadBlock reads one length-prefixed block. A clean end of input before the
// first byte is io.EOF; anything shorter than the block is io.ErrUnexpectedEOF.
func ReadBlock(r io.Reader) ([]byte, error) {
	var head [4]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, err
	}
	n, err := parseHex4(head)
	if err != nil {
		return nil, err
	}
	body := make([]byte, n)
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, noEOF(err)
	}
	return body, nil
}

// ReadStatus reads OKAY or FAIL. FAIL comes back as a *FailError with the text
// that follows it.
func ReadStatus(r io.Reader) error {
	var word [4]byte
	if _, err := io.ReadFull(r, word[:]); err != nil {
		return err
	}
	switch string(word[:]) {
	case StatusOkay:
		return nil
	case StatusFail:
		text, err := ReadBlock(r)
		if err != nil {
			return noEOF(err)
		}
		return &FailError{Message: string(text)}
	}
	return fmt.Errorf("%w: status %q", ErrMalformed, word[:])
}

// AppendFail appends a FAIL answer; a text too long for its length field is cut.
func AppendFail(dst []byte, text string) []byte {
	if len(text) > MaxRequest {
		text = text[:MaxRequest]
	}
	dst = append(dst, StatusFail...)
	dst = fmt.Appendf(dst, "%04x", len(text))
	return append(dst, text...)
}

func parseHex4(b [4]byte) (int, error) {
	n := 0
	for _, c := range b {
		var d byte
		switch {
		case '0' <= c && c <= '9':
			d = c - '0'
		case 'a' <= c && c <= 'f':
			d = c - 'a' + 10
		case 'A' <= c && c <= 'F':
			d = c - 'A' + 10
		default:
			return 0, fmt.Errorf("%w: length %q", ErrMalformed, b[:])
		}
		n = n<<4 | int(d)
	}
	return n, nil
}

// noEOF turns an end of input inside a record into io.ErrUnexpectedEOF, so that
// io.EOF always means the peer stopped between records.
func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
