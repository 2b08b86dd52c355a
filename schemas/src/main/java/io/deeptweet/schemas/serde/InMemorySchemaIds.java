// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;

/** Schema ids within one JVM, for tests that run without a registry. Thread-safe. */
public final class InMemorySchemaIds implements SchemaIds {
    private final List<Schema> schemas = new ArrayList<>();

    @Override
    public synchronized int idOf(String subject, Schema schema) {
        if (!schemas.contains(schema)) schemas.add(schema);
        return schemas.indexOf(schema) + 1;
    }

    @Override
    public synchronized Schema byId(int id) {
        if (id < 1 || id > schemas.size()) throw new SerializationException("no schema with id " + id);
        return schemas.get(id - 1);
    }
}
