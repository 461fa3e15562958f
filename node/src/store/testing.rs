//! What no node does to its store: tests spoil what lies in it, as a bad disk would.

use windbreak_protocol::record::Key;

use super::seal::CELL;
use super::sealed::SledStore;
use super::{StoreError, Writes};

impl SledStore {
    /// Writes zeros over one cell of a record. The first, at 0, is where the record is found.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn spoil(&self, key: &Key, cell: usize) -> Result<(), StoreError> {
        let mut writes = Writes::default();
        writes.put(&self.seal.cell_name(&self.seal.name(key), cell), &[0; CELL]);
        self.tree()?.commit(writes, || {})
    }
}
