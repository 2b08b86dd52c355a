// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.schemas.serde;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * Bounds the work that bytes of a writer's schema can cause. A few bytes may claim any number of items that take no
 * bytes, and records in records double the number of values with each level. Who may write to a topic may register such
 * a schema, and reading one record would take hours.
 */
final class ReadingCost {
    /** Values to read for each byte of a record, at most; ordinary schemas have two or three. */
    private static final int MOST_VALUES = 64;

    /**
     * What one value costs.
     *
     * @param values how many values it consists of, itself included; what follows a union, or is in an array or map,
     *     takes bytes of its own and does not count
     * @param bytes how many it takes at least
     */
    private record Cost(long values, long bytes) {}

    private static final Cost UNFINISHED = new Cost(0, 0);

    private final Map<Schema, Cost> costs = new IdentityHashMap<>();
    private final Deque<Schema> waiting = new ArrayDeque<>();
    private final Set<Schema> items = Collections.newSetFromMap(new IdentityHashMap<>());

    private ReadingCost() {}

    /** Why records of a schema must not be read; empty if they may. */
    static Optional<String> fault(Schema written) {
        try {
            new ReadingCost().check(written);
            return Optional.empty();
        } catch (TooExpensiveException e) {
            return Optional.of(e.getMessage());
        } catch (StackOverflowError e) {
            return Optional.of("its types are nested too deeply");
        }
    }

    private void check(Schema written) throws TooExpensiveException {
        waiting.add(written);
        while (!waiting.isEmpty()) {
            Schema schema = waiting.remove();
            if (!costs.containsKey(schema)) cost(schema);
        }
        for (Schema item : items)
            if (costs.get(item).bytes() == 0) throw new TooExpensiveException("the items of an array take no bytes");
    }

    private Cost cost(Schema schema) throws TooExpensiveException {
        Cost known = costs.get(schema);
        if (known == UNFINISHED) throw new TooExpensiveException("a record contains itself");
        if (known != null) return known;
        costs.put(schema, UNFINISHED);
        Cost cost = switch (schema.getType()) {
            case NULL -> new Cost(1, 0);
            case FLOAT -> new Cost(1, Float.BYTES);
            case DOUBLE -> new Cost(1, Double.BYTES);
            case FIXED -> new Cost(1, schema.getFixedSize());
            case RECORD -> ofRecord(schema);
            case UNION -> ofOthers(schema.getTypes());
            case ARRAY -> ofArray(schema);
            case MAP -> ofOthers(List.of(schema.getValueType()));
            default -> new Cost(1, 1);
        };
        if (cost.values() > MOST_VALUES * (cost.bytes() + 1))
            throw new TooExpensiveException("a value has " + cost.values() + " parts in " + cost.bytes() + " bytes");
        costs.put(schema, cost);
        return cost;
    }

    private Cost ofRecord(Schema record) throws TooExpensiveException {
        long values = 1;
        long bytes = 0;
        for (Schema.Field field : record.getFields()) {
            Cost cost = cost(field.schema());
            values += cost.values();
            bytes += cost.bytes();
        }
        return new Cost(values, bytes);
    }

    private Cost ofOthers(List<Schema> others) {
        waiting.addAll(others);
        return new Cost(1, 1);
    }

    private Cost ofArray(Schema array) {
        items.add(array.getElementType());
        waiting.add(array.getElementType());
        return new Cost(1, 1);
    }

    private static final class TooExpensiveException extends Exception {
        private static final long serialVersionUID = 1L;

        TooExpensiveException(String message) {
            super(message);
        }
    }
}
