// SPDX-License-Identifier: Apache-2.0
/** The installation on this machine, its services as processes, and where a running stack is reached. */
package io.deeptweet.cli.stack;
