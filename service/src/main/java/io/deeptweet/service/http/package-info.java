// SPDX-License-Identifier: Apache-2.0
/** What the services' HTTP resources share: splitting a request into records, and the JSON of their answers. */
package io.deeptweet.service.http;
