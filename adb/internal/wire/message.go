package wire

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Commands of the messages between a server and adbd, types.h.
const (
	CmdSync uint32 = 0x434e5953
	CmdCnxn uint32 = 0x4e584e43
	CmdAuth uint32 = 0x48545541
	CmdOpen uint32 = 0x4e45504f
	CmdOkay uint32 = 0x59414b4f
	CmdClse uint32 = 0x45534c43
	CmdWrte uint32 = 0x45545257
	CmdStls uint32 = 0x534c5453
)

// Kinds of AUTH message (its first argument).
const (
	AuthToken        uint32 = 1
	AuthSignature    uint32 = 2
	AuthRSAPublicKey uint32 = 3
)

// Protocol versions of A_CNXN. From VersionSkipChecksum on, peers leave the
// checksum field unused.
const (
	VersionMin          uint32 = 0x01000000
	VersionSkipChecksum uint32 = 0x01000001
)

// MessageHeaderSize is the fixed part before a message's data.
const MessageHeaderSize = 24

// MaxPayload is the largest data of one message that adbd offers (Android 9
// and later; 256 KiB on 8, 4 KiB for protocol version 0x01000000).
const (
	MaxPayload   = 1 << 20
	MaxPayloadV1 = 4 << 10
)

// Message is one adbd message. What Arg0 and Arg1 mean depends on the command.
type Message struct {
	Command    uint32
	Arg0, Arg1 uint32
	Data       []byte
}

// checksum is the field that protocol version 0x01000000 calls a CRC: the sum
// of all data bytes.
func checksum(data []byte) uint32 {
	var sum uint32
	for _, b := range data {
		sum += uint32(b)
	}
	return sum
}

// AppendMessage appends m. The checksum is written when withChecksum is set and
// is zero otherwise.
func AppendMessage(dst []byte, m Message, withChecksum bool) []byte {
	var sum uint32
	if withChecksum {
		sum = checksum(m.Data)
	}
	le := binary.LittleEndian
	dst = le.AppendUint32(dst, m.Command)
	dst = le.AppendUint32(dst, m.Arg0)
	dst = le.AppendUint32(dst, m.Arg1)
	dst = le.AppendUint32(dst, uint32(len(m.Data)))
	dst = le.AppendUint32(dst, sum)
	dst = le.AppendUint32(dst, ^m.Command)
	return append(dst, m.Data...)
}

// ReadMessage reads one message whose data is at most max bytes. A wrong magic,
// and with checkSum a wrong checksum, is an error. io.EOF means the peer closed
// between messages.
func ReadMessage(r io.Reader, max uint32, checkSum bool) (Message, error) {
	var head [MessageHeaderSize]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return Message{}, err
	}
	le := binary.LittleEndian
	m := Message{Command: le.Uint32(head[0:]), Arg0: le.Uint32(head[4:]), Arg1: le.Uint32(head[8:])}
	size, sum, magic := le.Uint32(head[12:]), le.Uint32(head[16:]), le.Uint32(head[20:])
	if magic != ^m.Command {
		return Message{}, fmt.Errorf("%w: message magic %#08x of command %#08x", ErrMalformed, magic, m.Command)
	}
	if size > max {
		return Message{}, fmt.Errorf("%w: message of %d bytes, at most %d agreed", ErrMalformed, size, max)
	}
	if size > 0 {
		m.Data = make([]byte, size)
		if _, err := io.ReadFull(r, m.Data); err != nil {
			return Message{}, noEOF(err)
		}
	}
	if checkSum && sum != checksum(m.Data) {
		return Message{}, fmt.Errorf("%w: message checksum %#x, want %#x", ErrMalformed, sum, checksum(m.Data))
	}
	return m, nil
}
