//! The address of a client behind a known number of proxies.
//!
//! Only as many entries of X-Forwarded-For are believed as there are proxies: what stands further left was
//! written by the client.

use std::net::{IpAddr, Ipv6Addr};

/// The `proxies`th address from the right of `forwarded`; `peer` when there are no proxies or fewer entries.
pub fn seen_through(peer: IpAddr, forwarded: &str, proxies: usize) -> IpAddr {
    let Some(from_right) = proxies.checked_sub(1) else { return peer };
    let entry = forwarded.rsplit(',').nth(from_right).map(str::trim);
    entry.and_then(|text| text.parse().ok()).unwrap_or(peer)
}

/// What limits count by: one address, or an IPv6 /64, which one household has for itself.
pub fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn a_client_cannot_choose_its_own_address() {
        let peer = ip("10.0.0.1");
        assert_eq!(seen_through(peer, "1.1.1.1, 2.2.2.2", 0), peer);
        assert_eq!(seen_through(peer, "1.1.1.1, 2.2.2.2", 1), ip("2.2.2.2"));
        assert_eq!(seen_through(peer, "1.1.1.1, 2.2.2.2", 2), ip("1.1.1.1"));
        assert_eq!(seen_through(peer, "nonsense", 1), peer);
        assert_eq!(seen_through(peer, "", 3), peer);
    }

    #[test]
    fn a_household_is_one_ipv4_address_or_one_ipv6_network() {
        assert_eq!(household(ip("2001:db8:1:2:3:4:5:6")), ip("2001:db8:1:2::"));
        assert_eq!(household(ip("::ffff:9.9.9.9")), ip("9.9.9.9"));
    }
}
