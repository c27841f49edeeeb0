// The site's feed: weekly reports and what happened, as Atom (RFC 4287). Identifiers are tag URIs (RFC 4151) of the
// place where the site stands, and stay as long as that does; an entry's moment is that of what it tells, so that a
// feed made again is the same.
#pragma once

#include <cli/site/pages.hpp>
#include <string>
#include <vector>

namespace resident::site {

// base_url ends in '/'. Throws Error{usage} where it has no host's name.
std::string atom_feed(const std::string& project, const std::string& base_url, const std::vector<SitePage>& pages,
                      const std::vector<SiteEvent>& events);
// All pages, for search engines (sitemaps.org 0.9).
std::string site_map(const std::string& base_url, const std::vector<SitePage>& pages);

}  // namespace resident::site
