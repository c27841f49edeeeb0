#!/bin/sh
# Text that is escaped for Markdown by backslashes, as CommonMark allows before every sign ("Backslash escapes"), is not
# safe in a blog. Python-Markdown (Pelican, MkDocs) knows only some signs: "\~" and "\<" show their backslash, and "\<b>"
# makes bold text all the same. kramdown (Jekyll) shows that of "\~", and Liquid before it reads "\{% x %\}" as the
# beginning of a tag that never ends, and stops the whole site. goldmark (Hugo) takes the text as it is meant. One would
# guess that escaped text is text in all four. Who puts titles of issues into posts is hit by the first that holds code. Numbers (&#123;) are text in all.
# Seen with Python-Markdown 3.4.1, kramdown 2.4.0, Liquid 5.4.0, Hugo 0.111.3 (Debian 12).
# Needs python3, ruby and apt-get; unpacks Debian's packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download python3-markdown ruby-kramdown ruby-liquid hugo libsass1 libwebp7 >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
ls ./*.deb
gems=root/usr/share/rubygems-integration/all/gems
ruby_libraries="-I$(echo $gems/kramdown-*/lib) -I$(echo $gems/liquid-*/lib)"

python_markdown() {
    PYTHONPATH=root/usr/lib/python3/dist-packages /usr/bin/python3 -c 'import markdown, sys; print(markdown.markdown(sys.stdin.read(), extensions=["extra"]))'
}
kramdown() { ruby $ruby_libraries -e 'require "kramdown"; puts Kramdown::Document.new(STDIN.read).to_html'; }
liquid() { ruby $ruby_libraries -e 'require "liquid"; puts Liquid::Template.parse(STDIN.read).render' 2>&1; }
goldmark() {
    mkdir -p site/content site/layouts/_default
    printf 'baseURL="http://example.org/"\ndisableKinds=["taxonomy","term","RSS","sitemap","home"]\n' >site/config.toml
    printf '{{ .Content }}' >site/layouts/_default/single.html
    { printf -- '---\ntitle: x\n---\n'; cat; } >site/content/p.md
    HOME=$folder LD_LIBRARY_PATH=$(echo root/usr/lib/*-linux-gnu) root/usr/bin/hugo -s site --quiet && cat site/public/p/index.html
}

show() { sed "s/^/$1: /"; }
escaped='about \~home and \<b>this\</b>'
printf '%s\n' "$escaped" | python_markdown | tee python.html | show Python-Markdown
printf '%s\n' "$escaped" | kramdown | tee kramdown.html | show kramdown
printf '%s\n' "$escaped" | goldmark | tee goldmark.html | show Hugo
printf 'handle \\{%% x %%\\} in a template\n' | liquid | grep -o 'Liquid syntax error.*' | tee liquid.txt | show Liquid || true
numbers='about &#126;home and &#60;b&#62;this&#60;/b&#62; handle &#123;% x %&#125;'
for renderer in python_markdown kramdown goldmark; do
    printf '%s\n' "$numbers" | $renderer >numbers.html
    grep -qE 'about (~|&#126;)home and (&lt;|&#60;)b' numbers.html
done
printf '%s\n' "$numbers" | liquid | grep -q 'handle &#123;% x'
grep -q '\\~home' python.html && grep -q '<b>this' python.html
grep -q 'about .~home and &lt;b' kramdown.html && grep -q 'about ~home and &lt;b' goldmark.html
grep -q 'not properly terminated' liquid.txt
