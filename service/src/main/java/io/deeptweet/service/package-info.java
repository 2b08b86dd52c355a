/** What the three services share: settings, start, back-off, request batches, files and error answers. */
package io.deeptweet.service;
