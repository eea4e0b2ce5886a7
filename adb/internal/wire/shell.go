package wire

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Identifiers of shell v2 packets, shell_protocol.h.
const (
	ShellStdin      byte = 0
	ShellStdout     byte = 1
	ShellStderr     byte = 2
	ShellExit       byte = 3 // one byte: the exit status
	ShellCloseStdin byte = 4
	ShellWindowSize byte = 5 // "rowsxcols,xpixelsxypixels"
)

// MaxShellPacket bounds the data of one packet. adbd's own buffer is its
// largest payload, 1 MiB.
const MaxShellPacket = 1 << 20

const shellHeaderSize = 5

// AppendShell appends one shell v2 packet. Data must be at most MaxShellPacket.
func AppendShell(dst []byte, id byte, data []byte) []byte {
	dst = append(dst, id)
	dst = binary.LittleEndian.AppendUint32(dst, uint32(len(data)))
	return append(dst, data...)
}

// ReadShell reads one packet into buf, growing it where needed, and returns the
// identifier and the data, which is valid until buf is used again. io.EOF means
// the stream ended between packets.
func ReadShell(r io.Reader, buf []byte) (id byte, data []byte, err error) {
	var head [shellHeaderSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, buf[:0], err
	}
	n := binary.LittleEndian.Uint32(head[1:])
	if n > MaxShellPacket {
		return 0, buf[:0], fmt.Errorf("%w: shell packet %d of %d bytes", ErrMalformed, head[0], n)
	}
	if uint32(cap(buf)) < n {
		buf = make([]byte, n)
	}
	buf = buf[:n]
	if _, err := io.ReadFull(r, buf); err != nil {
		return 0, buf[:0], noEOF(err)
	}
	return head[0], buf, nil
}
