package bank.identity.password;

import java.lang.ref.SoftReference;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.Block;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.jspecify.annotations.Nullable;

/// The memory of one Argon2id computation at a time, wiped after each. New memory for every hash, thousands of blocks
/// that live as long as it takes, would keep the collector as busy as a quarter of the hashing.
final class HashMemory implements BlockPool {
    // Blocks of 1 KiB that a computation uses beside its memory.
    private static final int BLOCKS_BESIDE = 4;

    private final @Nullable Block[] blocks;
    private int taken;

    private HashMemory(HashCost cost) {
        this.blocks = new Block[cost.memoryKib() + BLOCKS_BESIDE];
    }

    /// The next block in order, none twice in a computation: so each place of the array is written once only.
    @Override
    public Block allocate() {
        if (taken == blocks.length) {
            return new Block();
        }
        var block = blocks[taken];
        if (block == null) {
            block = new Block();
            blocks[taken] = block;
        }
        taken++;
        return block;
    }

    @Override
    public void deallocate(Block block) {
        block.clear();
    }

    /// Memories that wait for the next hash, given back to the heap where it grows short.
    static final class Idle {
        private final HashCost cost;
        private final ConcurrentLinkedDeque<SoftReference<HashMemory>> waiting = new ConcurrentLinkedDeque<>();

        Idle(HashCost cost) {
            this.cost = cost;
        }

        HashMemory take() {
            for (var reference = waiting.pollFirst(); reference != null; reference = waiting.pollFirst()) {
                var memory = reference.get();
                if (memory != null) {
                    return memory;
                }
            }
            return new HashMemory(cost);
        }

        /// @param memory of a computation that has ended, and so wiped it
        void giveBack(HashMemory memory) {
            memory.taken = 0;
            waiting.addFirst(new SoftReference<>(memory));
        }
    }
}
