package central

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"preship/report/message"
	"preship/report/register"
)

var (
	// ErrPlain is the error of an address whose connection others could read or answer.
	ErrPlain = message.Error(message.Say("cases.error.plain"), nil)
	// ErrAddress is the error of text that is no address of a PostgreSQL database.
	ErrAddress = message.Error(message.Say("cases.error.address"), nil)
	// ErrNewer is the error of tables that a newer preship made.
	ErrNewer = message.Error(message.Say("cases.error.newer"), nil)
	// ErrNotAllowed is the error of a role that may not create the tables, or not use them.
	ErrNotAllowed = message.Error(message.Say("cases.error.not-allowed"), nil)
	// ErrUnreachable is the error of a database that does not answer.
	ErrUnreachable = message.Error(message.Say("cases.error.unreachable"), nil)
)

const (
	connectTimeout = 5 * time.Second
	// askTimeout bounds each use: a database that accepts and never answers stops no job.
	askTimeout = 20 * time.Second
)

// Server is a database that desks share. It is safe for concurrent use.
type Server struct {
	config *pgxpool.Config
	pool   *pgxpool.Pool
}

// Connect connects to a database by its address, postgres://USER@HOST/DATABASE, creates
// missing tables, and updates those of an older version. It returns [ErrAddress],
// [ErrPlain], [ErrUnreachable], [ErrNotAllowed] or [ErrNewer]. The caller closes the server.
func Connect(ctx context.Context, address string) (*Server, error) {
	config, err := parse(address)
	if err != nil {
		return nil, err
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, failed(err)
	}
	s := &Server{config, pool}
	if err := s.migrate(ctx); err != nil {
		pool.Close()
		return nil, failed(err)
	}
	return s, nil
}

// Close ends all connections but those of claims.
func (s *Server) Close() { s.pool.Close() }

// Check returns [ErrAddress] or [ErrPlain] for an address that [Connect] refuses.
func Check(address string) error {
	_, err := parse(address)
	return err
}

func parse(address string) (*pgxpool.Config, error) {
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return nil, ErrAddress
	}
	config, err := pgxpool.ParseConfig(address)
	if err != nil {
		return nil, ErrAddress // its text may show the password
	}
	c := &config.ConnConfig.Config
	if !secret(c.Host, &pgconn.FallbackConfig{TLSConfig: c.TLSConfig}) {
		return nil, ErrPlain
	}
	for _, f := range c.Fallbacks {
		if !secret(f.Host, f) {
			return nil, ErrPlain
		}
	}
	c.ConnectTimeout = connectTimeout
	c.RuntimeParams["application_name"] = "preship"
	// A desk that lost its power keeps its claims as long as the server believes in it.
	c.RuntimeParams["tcp_keepalives_idle"], c.RuntimeParams["tcp_keepalives_interval"], c.RuntimeParams["tcp_keepalives_count"] = "30", "10", "3"
	config.MaxConns, config.MinConns = 2, 0
	return config, nil
}

// secret reports whether nobody on the way can read or answer: the same computer, or TLS
// with the server's certificate checked.
func secret(host string, c *pgconn.FallbackConfig) bool {
	if ip := net.ParseIP(host); strings.HasPrefix(host, "/") || host == "localhost" || ip != nil && ip.IsLoopback() {
		return true
	}
	t := c.TLSConfig
	// verify-ca checks the chain in its own function.
	return t != nil && (!t.InsecureSkipVerify || t.VerifyPeerCertificate != nil || t.VerifyConnection != nil)
}

// reasons are PostgreSQL's errors that have words.
var reasons = map[string]message.ID{
	"40001": "cases.error.busy", "40P01": "cases.error.busy", "53300": "cases.error.busy", "55P03": "cases.error.busy",
	"53100": "error.disk-full", "57014": "error.system.deadline", "58030": "error.system.input-output",
}

// failed gives an error of the database the words of its kind. Every other error
// that is not preship's own is a connection that failed.
func failed(err error) error {
	var refused *pgconn.PgError
	switch {
	case err == nil, errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &refused):
		switch refused.Code {
		case "42501", "28000", "28P01": // no right, no such role, a wrong password
			return because(ErrNotAllowed, refused.Message)
		case "57P01", "57P02", "57P03": // the server ends, or is not up yet
			return because(ErrUnreachable, refused.Message)
		}
		return register.Failed(err, reasons[refused.Code], refused.Message)
	case errors.Is(err, register.ErrDamaged), errors.Is(err, ErrNewer):
		return err
	}
	cause := err
	for next := errors.Unwrap(cause); next != nil; next = errors.Unwrap(cause) {
		cause = next // the outer ones name the user and the database
	}
	return because(ErrUnreachable, cause.Error())
}

func because(kind error, text string) error {
	return message.Kind(register.Detailed(message.Of(kind), text), kind)
}

// bounded gives a use of the database its time.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, askTimeout)
}
