//! Devices of one member: one person, one vote, one name, however many machines.

/// The rules, as every reader of a commit applies them.
mod rules {
    use windbreak_protocol::Suite;
    use windbreak_protocol::id::{CircleId, DeviceId};
    use windbreak_protocol::identity::{Credential, DeviceKey, MemberKey};
    use windbreak_protocol::invite::AgreementText;
    use windbreak_protocol::ledger::{Change, ChangeError, Ledger, MemberEntry, Settings};
    use windbreak_protocol::secret::Secret;
    use windbreak_protocol::wire::text::Text;

    const CIRCLE: CircleId = CircleId::from_bytes([1; 32]);

    fn member(number: u8) -> MemberKey {
        MemberKey::from_secret(&Secret::from_bytes([number; 32]))
    }

    fn device(number: u8) -> DeviceId {
        DeviceKey::from_secret(&Secret::from_bytes([100 + number; 32])).id()
    }

    fn credential(of: u8, number: u8) -> Credential {
        member(of).certify(&CIRCLE, &device(number))
    }

    fn founded() -> Ledger {
        let settings = Settings {
            suite: Suite::X25519,
            title: Text::new("Evening walk").unwrap(),
            welcome: Text::default(),
            agreement: AgreementText::new("We listen.").unwrap(),
            declaration: None,
            relays: Vec::new(),
        };
        let founder = MemberEntry::founder(Text::new("Alder").unwrap(), device(0));
        Ledger::found(settings, member(1).id(), founder)
    }

    fn add(of: u8, number: u8) -> Change {
        Change::AddDevice(credential(of, number))
    }

    fn remove(of: u8, number: u8) -> Change {
        Change::RemoveDevice { member: member(of).id(), device: device(number) }
    }

    fn apply(ledger: &Ledger, by: u8, changes: &[Change]) -> Result<Ledger, ChangeError> {
        ledger.apply(&CIRCLE, &member(by).id(), 1, changes)
    }

    #[test]
    fn a_member_adds_a_device_and_nobody_else_does_it_for_them() {
        let ledger = founded();
        let two = apply(&ledger, 1, &[add(1, 1)]).unwrap();
        assert_eq!(two.member_of(&device(1)), Some(&member(1).id()));
        assert_eq!(two.members().len(), 1);
        assert_eq!(apply(&two, 1, &[add(1, 1)]), Err(ChangeError::AlreadyMember));
        assert_eq!(apply(&two, 1, &[add(2, 2)]), Err(ChangeError::Right));
        assert_eq!(apply(&ledger, 2, &[add(2, 2)]), Err(ChangeError::NotAMember));
    }

    #[test]
    fn a_device_without_the_word_of_its_member_key_is_refused() {
        let ledger = founded();
        let stranger = Credential { member: member(1).id(), ..credential(2, 1) };
        let refused = apply(&ledger, 1, &[Change::AddDevice(stranger)]);
        assert_eq!(refused, Err(ChangeError::Proof));
        let elsewhere = member(1).certify(&CircleId::from_bytes([9; 32]), &device(1));
        let refused = apply(&ledger, 1, &[Change::AddDevice(elsewhere)]);
        assert_eq!(refused, Err(ChangeError::Proof));
    }

    #[test]
    fn a_member_has_at_most_three_devices() {
        let three = apply(&founded(), 1, &[add(1, 1), add(1, 2)]).unwrap();
        assert_eq!(apply(&three, 1, &[add(1, 3)]), Err(ChangeError::Limit));
        let two = apply(&three, 1, &[remove(1, 0)]).unwrap();
        assert!(apply(&two, 1, &[add(1, 3)]).is_ok());
    }

    #[test]
    fn a_member_takes_an_own_device_out_and_nobody_else_does() {
        let two = apply(&founded(), 1, &[add(1, 1)]).unwrap();
        let one = apply(&two, 1, &[remove(1, 0)]).unwrap();
        assert_eq!(one.member_of(&device(0)), None);
        assert_eq!(one.member_of(&device(1)), Some(&member(1).id()));
        assert_eq!(apply(&two, 1, &[remove(1, 7)]), Err(ChangeError::NotADevice));
        assert_eq!(apply(&two, 1, &[remove(2, 1)]), Err(ChangeError::Right));
        assert_eq!(apply(&two, 1, &[remove(1, 1), add(1, 2)]), Err(ChangeError::Mixed));
    }

    #[test]
    fn the_last_device_of_a_member_is_not_taken_out() {
        assert_eq!(apply(&founded(), 1, &[remove(1, 0)]), Err(ChangeError::LastDevice));
    }
}
