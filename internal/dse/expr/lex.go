package expr

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxTokens bounds the length of an expression, far beyond what anyone writes by hand.
const maxTokens = 10_000

// maxBytes bounds it before it is looked at, and with it what a message can repeat.
const maxBytes = 16 << 10

type tokenKind uint8

const (
	tokenEnd tokenKind = iota
	tokenNumber
	tokenString
	tokenName
	tokenOperator
)

type token struct {
	kind   tokenKind
	text   string // of a string: without its quotes
	number float64
	column int
}

// String says what the token is, as messages name it.
func (t token) String() string {
	switch t.kind {
	case tokenEnd:
		return "the end"
	case tokenString:
		return "the string " + quote(t.text)
	case tokenNumber:
		return "the number " + t.text
	case tokenName:
		return "the name " + t.text
	}
	return t.text
}

// operators are all of them, longer before their prefixes.
var operators = []string{
	"**", "//", "==", "!=", "<=", ">=", "&&", "||", "+", "-", "*", "/", "%", "<", ">", "!", "(", ")", ",", "?", ":",
}

// slips are operators of other languages, with what to write here.
var slips = map[byte]string{'=': "==", '&': "&&", '|': "||", '^': "**"}

// lexer cuts a source into tokens.
type lexer struct {
	source string
	at     int // byte offset
	column int // of at
}

// lex returns the tokens of the source, the last one a tokenEnd.
func lex(source string) ([]token, error) {
	if len(source) > maxBytes {
		return nil, &Error{Source: source[:maxBytes], Column: 1, Message: fmt.Sprintf("the expression has %d bytes; allowed: %d", len(source), maxBytes)}
	}
	l := &lexer{source: source, column: 1}
	var tokens []token
	for {
		t, err := l.next()
		if err != nil {
			return nil, err
		}
		tokens = append(tokens, t)
		if t.kind == tokenEnd {
			return tokens, nil
		}
		if len(tokens) > maxTokens {
			return nil, l.fail("the expression has more than %d words", maxTokens)
		}
	}
}

func (l *lexer) fail(format string, args ...any) error {
	return &Error{Source: l.source, Column: l.column, Message: fmt.Sprintf(format, args...)}
}

func (l *lexer) next() (token, error) {
	l.skip(spanOf(l.source[l.at:], isSpace))
	rest := l.source[l.at:]
	if rest == "" {
		return token{kind: tokenEnd, column: l.column}, nil
	}
	switch c := rest[0]; {
	case isDigit(c):
		return l.number()
	case isLetter(c):
		return l.name()
	case c == '"' || c == '\'':
		return l.quoted(c)
	}
	for _, op := range operators {
		if strings.HasPrefix(rest, op) {
			return l.token(tokenOperator, len(op)), nil
		}
	}
	if meant, ok := slips[rest[0]]; ok {
		return token{}, l.fail("found %c; write %s", rest[0], meant)
	}
	_, size := utf8.DecodeRuneInString(rest)
	return token{}, l.fail("found %q, want a number, a name, a string or an operator", rest[:size])
}

// token consumes n bytes as a token.
func (l *lexer) token(kind tokenKind, n int) token {
	t := token{kind: kind, column: l.column, text: l.source[l.at : l.at+n]}
	l.skip(n)
	return t
}

func (l *lexer) skip(n int) {
	l.column += utf8.RuneCountInString(l.source[l.at : l.at+n])
	l.at += n
}

// number reads digits, a fraction and an exponent. A word that starts like a number must be one, so that 3x or 1.2.3 is
// one clear mistake instead of two puzzling tokens.
func (l *lexer) number() (token, error) {
	n := numberSpan(l.source[l.at:])
	word := n + spanOf(l.source[l.at+n:], func(c byte) bool { return isWord(c) || c == '.' })
	text := l.source[l.at : l.at+word]
	x, err := strconv.ParseFloat(text, 64)
	if word > n || err != nil {
		return token{}, l.fail("found %s, want a number such as 8, 0.5 or 1e6", text)
	}
	t := l.token(tokenNumber, n)
	t.number = x
	return t, nil
}

func numberSpan(s string) int {
	n := spanOf(s, isDigit)
	if n+1 < len(s) && s[n] == '.' && isDigit(s[n+1]) {
		n += 1 + spanOf(s[n+1:], isDigit)
	}
	return n + exponentSpan(s[n:])
}

func exponentSpan(s string) int {
	if len(s) < 2 || (s[0] != 'e' && s[0] != 'E') {
		return 0
	}
	n := 1
	if s[1] == '+' || s[1] == '-' {
		n = 2
	}
	digits := spanOf(s[n:], isDigit)
	if digits == 0 {
		return 0
	}
	return n + digits
}

func (l *lexer) name() (token, error) {
	s := l.source[l.at:]
	n := spanOf(s, isWord)
	for n+1 < len(s) && s[n] == '.' && isWord(s[n+1]) {
		n += 1 + spanOf(s[n+1:], isWord)
	}
	return l.token(tokenName, n), nil
}

func (l *lexer) quoted(mark byte) (token, error) {
	s := l.source[l.at:]
	n := 1 + spanOf(s[1:], func(c byte) bool { return c != mark && c >= ' ' })
	if n == len(s) || s[n] != mark {
		return token{}, l.fail("found a string without its closing %c", mark)
	}
	t := l.token(tokenString, n+1)
	t.text = s[1:n]
	return t, nil
}

// quote writes a string literal. Literals have no escapes, so one of the two marks always fits.
func quote(text string) string {
	if strings.Contains(text, `"`) {
		return "'" + text + "'"
	}
	return `"` + text + `"`
}

// spanOf is the number of leading bytes of s that satisfy the class.
func spanOf(s string, class func(byte) bool) int {
	for n := range len(s) {
		if !class(s[n]) {
			return n
		}
	}
	return len(s)
}

func isSpace(c byte) bool  { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }
func isDigit(c byte) bool  { return '0' <= c && c <= '9' }
func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_' }
func isWord(c byte) bool   { return isLetter(c) || isDigit(c) }
