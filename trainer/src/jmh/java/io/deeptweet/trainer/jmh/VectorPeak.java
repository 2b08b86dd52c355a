// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.jmh;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Multiply-adds at the peak rate of a core: twelve chains in registers, which hide each other's latency. */
final class VectorPeak {
    static final int OPERATIONS = 1_000_000;

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int CHAINS = 12;
    private static final float[] START = new float[CHAINS * SPECIES.length()];

    private VectorPeak() {}

    /** Runs {@value #OPERATIONS} multiply-adds of single values, rounded up to whole vectors. */
    static float run() {
        int lanes = SPECIES.length();
        FloatVector x = FloatVector.broadcast(SPECIES, 0.5f);
        FloatVector y = FloatVector.broadcast(SPECIES, 0.25f);
        FloatVector a = FloatVector.fromArray(SPECIES, START, 0);
        FloatVector b = FloatVector.fromArray(SPECIES, START, lanes);
        FloatVector c = FloatVector.fromArray(SPECIES, START, 2 * lanes);
        FloatVector d = FloatVector.fromArray(SPECIES, START, 3 * lanes);
        FloatVector e = FloatVector.fromArray(SPECIES, START, 4 * lanes);
        FloatVector f = FloatVector.fromArray(SPECIES, START, 5 * lanes);
        FloatVector g = FloatVector.fromArray(SPECIES, START, 6 * lanes);
        FloatVector h = FloatVector.fromArray(SPECIES, START, 7 * lanes);
        FloatVector i = FloatVector.fromArray(SPECIES, START, 8 * lanes);
        FloatVector j = FloatVector.fromArray(SPECIES, START, 9 * lanes);
        FloatVector k = FloatVector.fromArray(SPECIES, START, 10 * lanes);
        FloatVector l = FloatVector.fromArray(SPECIES, START, 11 * lanes);
        for (int n = 0; n < OPERATIONS; n += CHAINS * lanes) {
            a = a.fma(x, y);
            b = b.fma(x, y);
            c = c.fma(x, y);
            d = d.fma(x, y);
            e = e.fma(x, y);
            f = f.fma(x, y);
            g = g.fma(x, y);
            h = h.fma(x, y);
            i = i.fma(x, y);
            j = j.fma(x, y);
            k = k.fma(x, y);
            l = l.fma(x, y);
        }
        return a.add(b)
                .add(c)
                .add(d)
                .add(e)
                .add(f)
                .add(g)
                .add(h)
                .add(i)
                .add(j)
                .add(k)
                .add(l)
                .reduceLanes(VectorOperators.ADD);
    }
}
