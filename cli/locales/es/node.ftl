# What the node and the engine say, as they send it. Where one of these texts arrives, it is said in the
# language of whoever reads it.

## protocol/src/circle/acts.rs


## protocol/src/circle/agreement.rs


## protocol/src/circle/block.rs


## protocol/src/circle/change.rs


## protocol/src/circle/consent.rs


## protocol/src/circle/device.rs


## protocol/src/circle/files.rs


## protocol/src/circle/listener.rs


## protocol/src/circle/lobby.rs


## protocol/src/circle/relays.rs


## protocol/src/circle/reports.rs


## protocol/src/circle/send.rs


## protocol/src/circle/steward.rs


## protocol/src/engine/command.rs


## protocol/src/joining/mod.rs


## protocol/src/view/file.rs


## protocol/src/admission/grant.rs


## protocol/src/invite/relay.rs


## node/src/search.rs


## protocol/src/invite/text.rs


## node/src/api/client.rs


## node/src/backup.rs


## node/src/error.rs


## node/src/private.rs


## node/src/profile.rs


## node/src/profile/config.rs


## node/src/profile/header.rs


## node/src/recovery.rs


## node/src/relay/file.rs


## node/src/relay/mod.rs


## node/src/store/mod.rs


## node/src/swarm/venue.rs


## node/src/telemetry.rs


## cli/src/picture.rs


## node/src/api/reason.rs


## node/src/api/refusal.rs


## node/src/api/route/explain.rs


## node/src/api/route/circle.rs


## node/src/api/route/draft.rs


## node/src/api/route/file.rs


## node/src/api/route/item.rs


## node/src/api/route/join.rs


## node/src/api/route/link.rs


## node/src/api/route/network.rs


## node/src/api/route/relay.rs


## node/src/api/route/search.rs


## node/src/api/route/store.rs


## node/src/hint.rs

