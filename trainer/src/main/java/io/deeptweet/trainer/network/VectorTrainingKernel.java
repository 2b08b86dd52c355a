// SPDX-License-Identifier: Apache-2.0
package io.deeptweet.trainer.network;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The arithmetic on the JDK's Vector API. No other class refers to the API, and this one is not loaded where its module
 * is missing.
 */
final class VectorTrainingKernel implements TrainingKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    /** Number of rows of a block of b that stay in the first-level cache. */
    private static final int DEPTH = 384;

    @Override
    public int columns() {
        return 2 * LANES;
    }

    @Override
    public int units() {
        return LANES;
    }

    @Override
    public void multiply(
            float[] a,
            int aFrom,
            int aRow,
            int aColumn,
            float[] b,
            int bFrom,
            int bBlock,
            int bRow,
            float[] c,
            int cFrom,
            int cRow,
            int rows,
            int columns,
            int depth,
            boolean add) {
        for (int k = 0; k < depth; k += DEPTH) {
            int part = Math.min(DEPTH, depth - k);
            int from = bFrom + k * bRow;
            for (int j = 0; j < columns; j += 2 * LANES) {
                for (int i = 0; i < rows; i += ROWS)
                    tile(
                            a,
                            aFrom + i * aRow + k * aColumn,
                            aRow,
                            aColumn,
                            b,
                            from,
                            bRow,
                            c,
                            cFrom + i * cRow + j,
                            cRow,
                            part,
                            add || k > 0);
                from += bBlock;
            }
        }
    }

    /**
     * Computes six rows and two vectors of columns. Twelve sums hide each other's latency, and with their operands they
     * just fit into the sixteen registers of AVX2.
     */
    private static void tile(
            float[] a,
            int a0,
            int aRow,
            int aColumn,
            float[] b,
            int bAt,
            int bRow,
            float[] c,
            int c0,
            int cRow,
            int depth,
            boolean add) {
        int c1 = c0 + cRow;
        int c2 = c1 + cRow;
        int c3 = c2 + cRow;
        int c4 = c3 + cRow;
        int c5 = c4 + cRow;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        FloatVector s40 = s00;
        FloatVector s41 = s00;
        FloatVector s50 = s00;
        FloatVector s51 = s00;
        if (add) {
            s00 = FloatVector.fromArray(SPECIES, c, c0);
            s01 = FloatVector.fromArray(SPECIES, c, c0 + LANES);
            s10 = FloatVector.fromArray(SPECIES, c, c1);
            s11 = FloatVector.fromArray(SPECIES, c, c1 + LANES);
            s20 = FloatVector.fromArray(SPECIES, c, c2);
            s21 = FloatVector.fromArray(SPECIES, c, c2 + LANES);
            s30 = FloatVector.fromArray(SPECIES, c, c3);
            s31 = FloatVector.fromArray(SPECIES, c, c3 + LANES);
            s40 = FloatVector.fromArray(SPECIES, c, c4);
            s41 = FloatVector.fromArray(SPECIES, c, c4 + LANES);
            s50 = FloatVector.fromArray(SPECIES, c, c5);
            s51 = FloatVector.fromArray(SPECIES, c, c5 + LANES);
        }
        int a1 = a0 + aRow;
        int a2 = a1 + aRow;
        int a3 = a2 + aRow;
        int a4 = a3 + aRow;
        int a5 = a4 + aRow;
        for (int k = 0; k < depth; k++) {
            FloatVector b0 = FloatVector.fromArray(SPECIES, b, bAt);
            FloatVector b1 = FloatVector.fromArray(SPECIES, b, bAt + LANES);
            FloatVector x = FloatVector.broadcast(SPECIES, a[a0]);
            s00 = x.fma(b0, s00);
            s01 = x.fma(b1, s01);
            x = FloatVector.broadcast(SPECIES, a[a1]);
            s10 = x.fma(b0, s10);
            s11 = x.fma(b1, s11);
            x = FloatVector.broadcast(SPECIES, a[a2]);
            s20 = x.fma(b0, s20);
            s21 = x.fma(b1, s21);
            x = FloatVector.broadcast(SPECIES, a[a3]);
            s30 = x.fma(b0, s30);
            s31 = x.fma(b1, s31);
            x = FloatVector.broadcast(SPECIES, a[a4]);
            s40 = x.fma(b0, s40);
            s41 = x.fma(b1, s41);
            x = FloatVector.broadcast(SPECIES, a[a5]);
            s50 = x.fma(b0, s50);
            s51 = x.fma(b1, s51);
            bAt += bRow;
            a0 += aColumn;
            a1 += aColumn;
            a2 += aColumn;
            a3 += aColumn;
            a4 += aColumn;
            a5 += aColumn;
        }
        s00.intoArray(c, c0);
        s01.intoArray(c, c0 + LANES);
        s10.intoArray(c, c1);
        s11.intoArray(c, c1 + LANES);
        s20.intoArray(c, c2);
        s21.intoArray(c, c2 + LANES);
        s30.intoArray(c, c3);
        s31.intoArray(c, c3 + LANES);
        s40.intoArray(c, c4);
        s41.intoArray(c, c4 + LANES);
        s50.intoArray(c, c5);
        s51.intoArray(c, c5 + LANES);
    }

    @Override
    public void gates(
            float[] gates,
            int gatesFrom,
            float[] cells,
            int before,
            int after,
            float[] outputs,
            int outputsFrom,
            float[] largest,
            float[] where,
            int largestFrom,
            float step,
            int units) {
        for (int j = 0; j < units; j += LANES) {
            int at = gatesFrom + j;
            FloatVector a = tanh(FloatVector.fromArray(SPECIES, gates, at));
            FloatVector f = sigmoid(FloatVector.fromArray(SPECIES, gates, at + units));
            FloatVector o = sigmoid(FloatVector.fromArray(SPECIES, gates, at + 2 * units));
            FloatVector i = sigmoid(FloatVector.fromArray(SPECIES, gates, at + 3 * units));
            FloatVector cell = f.fma(FloatVector.fromArray(SPECIES, cells, before + j), a.mul(i));
            FloatVector output = o.mul(tanh(cell));
            a.intoArray(gates, at);
            f.intoArray(gates, at + units);
            o.intoArray(gates, at + 2 * units);
            i.intoArray(gates, at + 3 * units);
            cell.intoArray(cells, after + j);
            output.intoArray(outputs, outputsFrom + j);
            FloatVector most = FloatVector.fromArray(SPECIES, largest, largestFrom + j);
            VectorMask<Float> more = output.compare(VectorOperators.GT, most);
            most.blend(output, more).intoArray(largest, largestFrom + j);
            FloatVector.fromArray(SPECIES, where, largestFrom + j)
                    .blend(step, more)
                    .intoArray(where, largestFrom + j);
        }
    }

    @Override
    public void gateGradients(
            float[] gates,
            int gatesFrom,
            float[] cells,
            int before,
            int after,
            float[] outputs,
            int outputsFrom,
            float[] cell,
            float[] largest,
            float[] where,
            int unitsFrom,
            float step,
            int units) {
        FloatVector one = FloatVector.broadcast(SPECIES, 1);
        for (int j = 0; j < units; j += LANES) {
            int at = gatesFrom + j;
            FloatVector a = FloatVector.fromArray(SPECIES, gates, at);
            FloatVector f = FloatVector.fromArray(SPECIES, gates, at + units);
            FloatVector o = FloatVector.fromArray(SPECIES, gates, at + 2 * units);
            FloatVector i = FloatVector.fromArray(SPECIES, gates, at + 3 * units);
            FloatVector squashed = tanh(FloatVector.fromArray(SPECIES, cells, after + j));
            VectorMask<Float> here =
                    FloatVector.fromArray(SPECIES, where, unitsFrom + j).compare(VectorOperators.EQ, step);
            FloatVector dOutput = FloatVector.fromArray(SPECIES, outputs, outputsFrom + j)
                    .add(FloatVector.zero(SPECIES).blend(FloatVector.fromArray(SPECIES, largest, unitsFrom + j), here));
            FloatVector dCell = dOutput.mul(o)
                    .mul(one.sub(squashed.mul(squashed)))
                    .add(FloatVector.fromArray(SPECIES, cell, unitsFrom + j));
            dCell.mul(i).mul(one.sub(a.mul(a))).intoArray(gates, at);
            dCell.mul(FloatVector.fromArray(SPECIES, cells, before + j))
                    .mul(f)
                    .mul(one.sub(f))
                    .intoArray(gates, at + units);
            dOutput.mul(squashed).mul(o).mul(one.sub(o)).intoArray(gates, at + 2 * units);
            dCell.mul(a).mul(i).mul(one.sub(i)).intoArray(gates, at + 3 * units);
            dCell.mul(f).intoArray(cell, unitsFrom + j);
        }
    }

    private static FloatVector sigmoid(FloatVector x) {
        return tanh(x.mul(0.5f)).mul(0.5f).add(0.5f);
    }

    /** The approximation of {@link ScalarTrainingKernel}. */
    private static FloatVector tanh(FloatVector value) {
        FloatVector x = value.min(7.90531110763549805f).max(-7.90531110763549805f);
        FloatVector s = x.mul(x);
        FloatVector p = FloatVector.broadcast(SPECIES, -2.76076847742355e-16f);
        p = p.fma(s, FloatVector.broadcast(SPECIES, 2.00018790482477e-13f));
        p = p.fma(s, FloatVector.broadcast(SPECIES, -8.60467152213735e-11f));
        p = p.fma(s, FloatVector.broadcast(SPECIES, 5.12229709037114e-08f));
        p = p.fma(s, FloatVector.broadcast(SPECIES, 1.48572235717979e-05f));
        p = p.fma(s, FloatVector.broadcast(SPECIES, 6.37261928875436e-04f));
        p = p.fma(s, FloatVector.broadcast(SPECIES, 4.89352455891786e-03f));
        FloatVector q = FloatVector.broadcast(SPECIES, 1.19825839466702e-06f);
        q = q.fma(s, FloatVector.broadcast(SPECIES, 1.18534705686654e-04f));
        q = q.fma(s, FloatVector.broadcast(SPECIES, 2.26843463243900e-03f));
        q = q.fma(s, FloatVector.broadcast(SPECIES, 4.89352518554385e-03f));
        return x.mul(p).div(q);
    }
}
