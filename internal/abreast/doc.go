// Package abreast has pieces of work done side by side.
package abreast
