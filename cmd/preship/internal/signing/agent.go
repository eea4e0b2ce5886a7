package signing

import (
	"context"
	"io"
	"net"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"

	"preship/cmd/preship/internal/flagfile"
	"preship/cmd/preship/internal/job"
	"preship/report/message"
	"preship/report/trust"
)

const (
	// agentAnswers bounds the wait for an ssh-agent that is asked for its keys.
	agentAnswers = 10 * time.Second
	// agentSigns bounds the wait for a signature: an agent may ask its owner first.
	agentSigns = time.Minute
)

// agentKey is the value of --key for a key that an ssh-agent holds.
const agentKey = "agent"

// agentName stands for a file where an ssh-agent holds the key.
const agentName = "ssh-agent"

// agentKeyIn returns the fingerprint of the key that --key names in an ssh-agent, ""
// for its only key. ok is false for a file.
func agentKeyIn(key string) (fingerprint string, ok bool) {
	want, ok := strings.CutPrefix(key, agentKey)
	if !ok || want != "" && want[0] != ':' {
		return "", false
	}
	return strings.TrimPrefix(want, ":"), true
}

// fromAgent returns a key of ssh-agent: the one with that fingerprint, or the only
// one that can sign reports if fingerprint is empty. The agent keeps the key and makes
// the signatures.
func (k *Keys) fromAgent(ctx context.Context, fingerprint string) (trust.Signer, error) {
	keys, err := flagfile.AnswerWithin(ctx, agentAnswers, func() ([]ssh.Signer, error) {
		conn, err := k.dialAgent(ctx)
		if err != nil {
			return nil, err
		}
		return agent.NewClient(conn).Signers()
	})
	if err != nil {
		return trust.Signer{}, job.Usage(message.Say("key.agent.error", "error", message.Of(err)))
	}
	var fit []trust.Signer
	for _, held := range keys {
		s, err := trust.NewSigner(held)
		if err != nil || fingerprint != "" && s.Fingerprint() != fingerprint {
			continue // another kind of key, or another key
		}
		fit = append(fit, s)
	}
	switch {
	case len(fit) == 1:
		return fit[0], nil
	case len(fit) == 0 && fingerprint == "":
		return trust.Signer{}, job.Usage(message.Say("key.agent.empty"))
	case len(fit) == 0:
		return trust.Signer{}, job.Usage(message.Say("key.agent.not-held", "key", fingerprint))
	}
	var names []string
	for _, s := range fit {
		names = append(names, s.Fingerprint())
	}
	return trust.Signer{}, job.Usage(message.Say("key.agent.several", "keys", strings.Join(names, " ")))
}

// dialAgent connects to the agent of this session. The connection lasts as long
// as the process, which is as long as its keys are used.
func (k *Keys) dialAgent(ctx context.Context) (io.ReadWriter, error) {
	address := k.Getenv("SSH_AUTH_SOCK")
	if runtime.GOOS == "windows" && address == "" {
		return os.OpenFile(`\\.\pipe\openssh-ssh-agent`, os.O_RDWR, 0)
	}
	if address == "" {
		return nil, message.Error(message.Say("key.agent.not-running"), nil)
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", address)
	if err != nil {
		return nil, err
	}
	return agentConn{conn}, nil
}

// agentConn is a connection to an ssh-agent that sets a deadline for each answer.
type agentConn struct{ net.Conn }

func (c agentConn) Write(b []byte) (int, error) {
	if err := c.SetDeadline(time.Now().Add(agentSigns)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}
