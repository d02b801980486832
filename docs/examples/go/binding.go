package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

const maxBoundValue = 1024

// Bind is what a policy binds tokens to.
type Bind struct {
	IP struct {
		V4 int `json:"v4"`
		V6 int `json:"v6"`
	} `json:"ip"`
	Headers []string `json:"headers"`
	Query   []string `json:"query"`
}

// Viewer is who will play. Header names are in lower case.
type Viewer struct {
	IP      string            `json:"ip"`
	Headers map[string]string `json:"headers"`
}

// apply names in the claims what is bound, and signs it: network, headers, parameters.
func (b Bind) apply(c *Claims, viewer Viewer, query, key string) error {
	var attributes strings.Builder
	add := func(kind, name, value string) error {
		if len(value) == 0 || len(value) > maxBoundValue {
			return fmt.Errorf("the bound value of %s is missing, empty or too long", name)
		}
		attributes.WriteString(field(kind) + field(name) + field(value))
		return nil
	}
	if b.IP.V4 != 0 || b.IP.V6 != 0 {
		family, width, network, err := b.network(viewer.IP)
		if err != nil {
			return err
		}
		c.IPVer, c.IP = family, width
		if err := add("i", fmt.Sprintf("%d/%d", family, width), network); err != nil {
			return err
		}
	}
	for _, name := range b.Headers {
		name = strings.ToLower(name)
		c.Headers = append(c.Headers, name)
		if err := add("h", name, viewer.Headers[name]); err != nil {
			return err
		}
	}
	c.Qs = b.Query
	for _, name := range b.Query {
		value, err := queryValue(query, name)
		if err != nil {
			return err
		}
		if err := add("q", name, value); err != nil {
			return err
		}
	}
	if attributes.Len() == 0 {
		return nil
	}
	head := ""
	for _, value := range []string{"edgepass-bind-1", c.Aud, c.Ssn, strconv.FormatInt(c.Iat, 10), strconv.FormatInt(c.Exp, 10)} {
		head += field(value)
	}
	var err error
	c.Intsig, err = hmacSHA256(key, head+attributes.String())
	return err
}

// network gives `203.0.113.0` or eight groups of four digits, host bits zero. IPv4-mapped is IPv4.
func (b Bind) network(address string) (family, width int, network string, err error) {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Zone() != "" {
		return 0, 0, "", errors.New("the viewer has no IPv4 or IPv6 address")
	}
	ip = ip.Unmap()
	family, width = 6, b.IP.V6
	if ip.Is4() {
		family, width = 4, b.IP.V4
	}
	if width == 0 {
		return 0, 0, "", fmt.Errorf("the policy states no network for IPv%d", family)
	}
	prefix, err := ip.Prefix(width)
	if err != nil {
		return 0, 0, "", err
	}
	return family, width, prefix.Addr().StringExpanded(), nil
}

// queryValue gives the value of a parameter as it stands in the URL. One that is there twice is refused at the edge.
func queryValue(query, name string) (string, error) {
	found, value := 0, ""
	for _, part := range strings.Split(query, "&") {
		if key, rest, _ := strings.Cut(part, "="); key == name {
			found, value = found+1, rest
		}
	}
	if found != 1 {
		return "", fmt.Errorf("the bound parameter %s must be there once", name)
	}
	return value, nil
}
