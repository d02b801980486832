// Mints edgepass tokens with nothing but the standard library of Go 1.19 or later.
package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
)

const maxToken = 2048

var (
	sessionForm = regexp.MustCompile(`\A[A-Za-z0-9_-]{16,64}\z`)
	urlForm     = regexp.MustCompile(`(?s)\A(https://[^/?#]+)(/[^?#]*)(?:\?([^#]*))?(?:#.*)?\z`)
)

// Key is what the issuer record says of the key that signs now; both keys are base64url.
type Key struct {
	Kid  string `json:"kid"`
	Sign string `json:"sign"`
	Bind string `json:"bind"`
}

// Policy is a policy of config.yaml, its lifetime in seconds.
type Policy struct {
	Lifetime  int64    `json:"lifetime"`
	Session   bool     `json:"session"`
	Countries []string `json:"countries"`
	Regions   []string `json:"regions"`
	Cities    []string `json:"cities"`
	Fallback  []string `json:"fallback"`
	Bind      Bind     `json:"bind"`
}

// Request is what a token is asked for. Header names are in lower case. What is zero is left to the policy.
type Request struct {
	Key      Key      `json:"key"`
	Audience string   `json:"audience"`
	Policy   Policy   `json:"policy"`
	URL      string   `json:"url"`
	Now      int64    `json:"now"` // seconds since 1970
	Viewer   Viewer   `json:"viewer"`
	Session  string   `json:"session"`
	Lifetime int64    `json:"lifetime"`
	Paths    []string `json:"paths"`
	Exclude  []string `json:"exclude"`
	Subject  string   `json:"subject"`
}

// Claims in the order in which the edge reads them fastest; any other is right as well.
type Claims struct {
	Iat         int64    `json:"iat"`
	Exp         int64    `json:"exp"`
	Aud         string   `json:"aud"`
	Paths       []string `json:"paths"`
	Exc         []string `json:"exc,omitempty"`
	Ssn         string   `json:"ssn,omitempty"`
	Co          []string `json:"co,omitempty"`
	CoFallback  bool     `json:"co_fallback,omitempty"`
	Reg         []string `json:"reg,omitempty"`
	RegFallback bool     `json:"reg_fallback,omitempty"`
	Cty         []string `json:"cty,omitempty"`
	CtyFallback bool     `json:"cty_fallback,omitempty"`
	IP          int      `json:"ip,omitempty"`
	IPVer       int      `json:"ip_ver,omitempty"`
	Headers     []string `json:"headers,omitempty"`
	Qs          []string `json:"qs,omitempty"`
	Intsig      string   `json:"intsig,omitempty"`
	Sub         string   `json:"sub,omitempty"`
}

// Mint returns a token with its session in front.
func Mint(r Request) (string, error) {
	_, path, query, err := splitURL(r.URL)
	if err != nil {
		return "", err
	}
	p := r.Policy
	c := Claims{Iat: r.Now, Exp: r.Now + p.Lifetime, Aud: r.Audience, Paths: r.Paths, Exc: r.Exclude, Ssn: r.Session, Sub: r.Subject}
	if r.Lifetime != 0 {
		c.Exp = r.Now + r.Lifetime
	}
	if len(c.Paths) == 0 {
		c.Paths = []string{path[:strings.LastIndex(path, "/")+1]}
	}
	if c.Ssn == "" && p.Session {
		if c.Ssn, err = newSession(); err != nil {
			return "", err
		}
	}
	if c.Ssn != "" && !sessionForm.MatchString(c.Ssn) {
		return "", errors.New("a session id has 16 to 64 of A-Za-z0-9_-")
	}
	c.Co, c.CoFallback = p.Countries, p.fallsBack("countries")
	c.Reg, c.RegFallback = p.Regions, p.fallsBack("regions")
	c.Cty, c.CtyFallback = p.Cities, p.fallsBack("cities")
	if err := p.Bind.apply(&c, r.Viewer, query, r.Key.Bind); err != nil {
		return "", err
	}
	return sign(r.Key, c)
}

func (p Policy) fallsBack(check string) bool {
	for _, name := range p.Fallback {
		if name == check {
			return true
		}
	}
	return false
}

// sign makes a JWT (HS256), and puts the session in front where the claims have one.
func sign(key Key, claims Claims) (string, error) {
	header, err := encode(struct {
		Alg string `json:"alg"`
		Typ string `json:"typ"`
		Kid string `json:"kid"`
	}{"HS256", "JWT", key.Kid})
	if err != nil {
		return "", err
	}
	payload, err := encode(claims)
	if err != nil {
		return "", err
	}
	mac, err := hmacSHA256(key.Sign, header+"."+payload)
	if err != nil {
		return "", err
	}
	token := header + "." + payload + "." + mac
	if claims.Ssn != "" {
		token = claims.Ssn + "." + token
	}
	if len(token) > maxToken {
		return "", errors.New("the token is longer than the edge reads")
	}
	return token, nil
}

// encode gives base64url of JSON without white space. Escaping `&` and `<`, Go's default, would only make it longer.
func encode(value any) (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(bytes.TrimSuffix(text.Bytes(), []byte("\n"))), nil
}

// hmacSHA256 gives base64url of the MAC. A key is the 32 bytes that its text stands for, not the text.
func hmacSHA256(key, text string) (string, error) {
	secret, err := base64.RawURLEncoding.Strict().DecodeString(key)
	if err != nil || len(secret) != sha256.Size {
		return "", errors.New("a key has 32 bytes, base64url without padding")
	}
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)), nil
}

// newSession makes an id of 128 random bits.
func newSession() (string, error) {
	id := make([]byte, 16)
	if _, err := rand.Read(id); err != nil {
		return "", err
	}
	return base64.RawURLEncoding.EncodeToString(id), nil
}

// splitURL gives scheme and host, path, query; nothing is decoded or tidied up.
func splitURL(url string) (host, path, query string, err error) {
	parts := urlForm.FindStringSubmatch(url)
	if parts == nil {
		return "", "", "", errors.New("an absolute https URL is needed")
	}
	return parts[1], parts[2], parts[3], nil
}

// PlaybackURL is what a player opens, where the stream carries its token in the path.
func PlaybackURL(url, token string) (string, error) {
	host, _, _, err := splitURL(url)
	if err != nil {
		return "", err
	}
	return host + "/" + token + url[len(host):], nil
}

// field is one field of the canonical string: its length in bytes, `:`, and its bytes.
func field(value string) string {
	return strconv.Itoa(len(value)) + ":" + value
}
