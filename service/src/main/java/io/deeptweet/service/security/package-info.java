// SPDX-License-Identifier: Apache-2.0
/** Who may ask the services what over HTTP: credentials, roles, checks against browser attacks, a rate limit. */
package io.deeptweet.service.security;
