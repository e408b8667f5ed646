// Package webdriver drives a headless Chromium in tests, over the plain WebDriver protocol.
//
// Start skips a test where chromedriver or a browser is not installed, and says what to install.
package webdriver
