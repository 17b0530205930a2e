#!/usr/bin/perl
# SPDX-License-Identifier: MIT
#
# usage: unicode_tables.pl OUT_DIR
# Writes the Unicode 14.0 tables as C from the data that perl 5.36 carries:
#   unicode_types.h   what str needs: predicates, case mappings, digits, numeric values      (objects/str/ctype.c)
#   unicode_data.h    what unicodedata adds: categories, decompositions, compositions        (modules/unicodedata.c)
#   unicode_names.h   names, aliases, named sequences                                        (modules/unicodedata_names.c)
# Only documented interfaces are used (Unicode::UCD), save for Name.pl and Decomposition.pl, whose text is plain.
use strict;
use warnings;
use Unicode::UCD qw(prop_invmap prop_invlist);

my $out_dir = shift // die "usage: $0 OUT_DIR\n";
die "perl carries Unicode " . Unicode::UCD::UnicodeVersion() . ", not 14.0.0\n"
    unless Unicode::UCD::UnicodeVersion() eq '14.0.0';
my $MAX = 0x110000;

# -- Reading ------------------------------------------------------------------

# Property as one value per code point (array of $MAX); simple values only.
sub values_of {
    my ($prop, $default) = @_;
    my ($list, $map, $format) = prop_invmap($prop);
    my @v;
    $#v = $MAX - 1;
    for my $i (0 .. $#$list) {
        my $end = $i < $#$list ? $list->[$i + 1] : $MAX;
        next if $list->[$i] >= $MAX;
        my $x = $map->[$i];
        for my $c ($list->[$i] .. $end - 1) {
            $v[$c] = $format =~ /^a/ && !ref $x && $x =~ /^-?\d+$/ ? $x + $c - $list->[$i] : $x;
        }
    }
    return \@v;
}

# Case mapping: hash of code point -> [code points], identity left out. In adjusted maps 0 stands for identity.
sub case_of {
    my ($prop) = @_;
    my ($list, $map, $format, $default) = prop_invmap($prop);
    my %m;
    for my $i (0 .. $#$list) {
        my $end = $i < $#$list ? $list->[$i + 1] : $MAX;
        my $x = $map->[$i];
        next if !ref $x && $x == 0;
        for my $c ($list->[$i] .. $end - 1) {
            last if $c >= $MAX;
            $m{$c} = ref $x ? [@$x] : [$x + $c - $list->[$i]];
        }
    }
    return \%m;
}

# Binary property as a string of 0 and 1 bytes.
sub set_of {
    my ($prop) = @_;
    my @list = prop_invlist($prop);
    my $v = "\0" x $MAX;
    for (my $i = 0; $i < @list; $i += 2) {
        my $end = $i + 1 < @list ? $list[$i + 1] : $MAX;
        substr($v, $list[$i], $end - $list[$i]) = "\1" x ($end - $list[$i]) if $end > $list[$i];
    }
    return $v;
}

my %long_gc = (
    Cased_Letter => 'LC', Uppercase_Letter => 'Lu', Lowercase_Letter => 'Ll', Titlecase_Letter => 'Lt', Modifier_Letter => 'Lm',
    Other_Letter => 'Lo', Nonspacing_Mark => 'Mn', Spacing_Mark => 'Mc', Enclosing_Mark => 'Me', Decimal_Number => 'Nd',
    Letter_Number => 'Nl', Other_Number => 'No', Connector_Punctuation => 'Pc', Dash_Punctuation => 'Pd',
    Open_Punctuation => 'Ps', Close_Punctuation => 'Pe', Initial_Punctuation => 'Pi', Final_Punctuation => 'Pf',
    Other_Punctuation => 'Po', Math_Symbol => 'Sm', Currency_Symbol => 'Sc', Modifier_Symbol => 'Sk', Other_Symbol => 'So',
    Space_Separator => 'Zs', Line_Separator => 'Zl', Paragraph_Separator => 'Zp', Control => 'Cc', Format => 'Cf',
    Surrogate => 'Cs', Private_Use => 'Co', Unassigned => 'Cn');
my %long_bc = (
    Left_To_Right => 'L', Left_To_Right_Embedding => 'LRE', Left_To_Right_Override => 'LRO', Right_To_Left => 'R',
    Arabic_Letter => 'AL', Right_To_Left_Embedding => 'RLE', Right_To_Left_Override => 'RLO',
    Pop_Directional_Format => 'PDF', European_Number => 'EN', European_Separator => 'ES', European_Terminator => 'ET',
    Arabic_Number => 'AN', Common_Separator => 'CS', Nonspacing_Mark => 'NSM', Boundary_Neutral => 'BN',
    Paragraph_Separator => 'B', Segment_Separator => 'S', White_Space => 'WS', Other_Neutral => 'ON',
    Left_To_Right_Isolate => 'LRI', Right_To_Left_Isolate => 'RLI', First_Strong_Isolate => 'FSI',
    Pop_Directional_Isolate => 'PDI');
my %long_ea = (Neutral => 'N', Ambiguous => 'A', Halfwidth => 'H', Wide => 'W', Fullwidth => 'F', Narrow => 'Na');
my %long_nt = (None => 'None', Decimal => 'De', Digit => 'Di', Numeric => 'Nu');

my $gc = values_of('gc');
my $bc = values_of('bc');
my $ea = values_of('ea');
my $nt = values_of('nt');
my $nv = values_of('nv');
my $ccc = values_of('ccc');
$_ = $long_gc{$_} // $_ for @$gc;
$_ = $long_bc{$_} // $_ for @$bc;
$_ = $long_ea{$_} // $_ for @$ea;
my ($suc, $slc, $stc) = map { case_of($_) } 'suc', 'slc', 'stc';
my ($uc, $lc, $tc, $cf) = map { case_of($_) } 'uc', 'lc', 'tc', 'cf';
my %is = map { $_ => set_of($_) } qw(Lowercase Uppercase XIDS XIDC Cased CI Bidi_M CompEx);
my @categories = qw(Cn Lu Ll Lt Mn Mc Me Nd Nl No Zs Zl Zp Cc Cf Cs Co Lm Lo Pc Pd Ps Pe Pi Pf Po Sm Sc Sk So);
my @bidis = ('', qw(L LRE LRO R AL RLE RLO PDF EN ES ET AN CS NSM BN B S WS ON LRI RLI FSI PDI));
my @widths = qw(F H W Na A N);

# -- Writing ------------------------------------------------------------------

my $fh;
sub open_out {
    my ($name, $what) = @_;
    open($fh, '>', "$out_dir/$name") or die "$out_dir/$name: $!";
    print $fh "/* Written by tools/unicode_tables.pl: $what. */\n";
}

sub array {
    my ($type, $name, $values) = @_;
    print $fh "static const $type $name\[", scalar @$values, "] = {\n";
    for (my $i = 0; $i < @$values; $i += 20) {
        my $end = $i + 19 > $#$values ? $#$values : $i + 19;
        print $fh join(',', @$values[$i .. $end]), ",\n";
    }
    print $fh "};\n";
}

# Two-stage table of small numbers: blocks of 1 << shift entries, shared.
sub two_stage {
    my ($name, $values, $shift) = @_;
    my (%seen, @index, @data);
    my $size = 1 << $shift;
    for (my $i = 0; $i < $MAX; $i += $size) {
        my @block = @$values[$i .. $i + $size - 1];
        my $key = join ',', @block;
        if (!exists $seen{$key}) {
            $seen{$key} = @data / $size;
            push @data, @block;
        }
        push @index, $seen{$key};
    }
    my $max = 0;
    for (@data) { $max = $_ if $_ > $max }
    print $fh "#define ${name}_SHIFT $shift\n";
    array(@data / $size > 255 ? 'uint16_t' : 'uint8_t', "${name}_index", \@index);
    array($max > 65535 ? 'uint32_t' : $max > 255 ? 'uint16_t' : 'uint8_t', "${name}_data", \@data);
}

# -- Types --------------------------------------------------------------------

my %flag = (ALPHA => 1, DECIMAL => 2, DIGIT => 4, LOWER => 8, LINEBREAK => 16, SPACE => 32, TITLE => 64, UPPER => 128,
            XID_START => 256, XID_CONTINUE => 512, PRINTABLE => 1024, NUMERIC => 2048, CASE_IGNORABLE => 4096, CASED => 8192);
my %linebreak = map { $_ => 1 } 10 .. 13, 28, 29, 30, 0x85, 0x2028, 0x2029;
my %numeric;    # code point -> text of the value
my (@records, %record_of, @full, %full_of, @type);
push @full, 0;

sub same { my ($a, $b) = @_; return "@$a" eq "@$b" }

for my $c (0 .. $MAX - 1) {
    my ($g, $b, $f, $decimal, $digit) = ($gc->[$c], $bc->[$c], 0, 0, 0);
    $f |= $flag{ALPHA} if $g =~ /^L/;
    my $n = $nt->[$c];
    $n = $long_nt{$n} // $n;
    if ($n eq 'De') { $f |= $flag{DECIMAL} | $flag{DIGIT}; $decimal = $digit = $nv->[$c] }
    if ($n eq 'Di') { $f |= $flag{DIGIT}; $digit = $nv->[$c] }
    if ($n ne 'None') { $f |= $flag{NUMERIC}; $numeric{$c} = $nv->[$c] }
    $f |= $flag{LOWER} if substr($is{Lowercase}, $c, 1) eq "\1";
    $f |= $flag{UPPER} if substr($is{Uppercase}, $c, 1) eq "\1";
    $f |= $flag{TITLE} if $g eq 'Lt';
    $f |= $flag{LINEBREAK} if $linebreak{$c};
    $f |= $flag{SPACE} if $g eq 'Zs' || $b eq 'WS' || $b eq 'B' || $b eq 'S';
    $f |= $flag{XID_START} if substr($is{XIDS}, $c, 1) eq "\1";
    $f |= $flag{XID_CONTINUE} if substr($is{XIDC}, $c, 1) eq "\1";
    $f |= $flag{PRINTABLE} if $c == 0x20 || $g !~ /^[CZ]/;
    $f |= $flag{CASED} if substr($is{Cased}, $c, 1) eq "\1";
    $f |= $flag{CASE_IGNORABLE} if substr($is{CI}, $c, 1) eq "\1";
    my ($l, $t, $u) = map { my $m = $_->{$c}; $m ? $m->[0] : $c } $slc, $stc, $suc;
    my @all = map { $_->{$c} // [$c] } $lc, $tc, $uc, $cf;
    my $full = 0;
    if (!same($all[0], [$l]) || !same($all[1], [$t]) || !same($all[2], [$u]) || !same($all[3], [$l])) {
        my $key = join ',', map { scalar(@$_), @$_ } @all;
        if (!$full_of{$key}) {
            $full_of{$key} = @full;
            push @full, split /,/, $key;
        }
        $full = $full_of{$key};
    }
    my $key = join ',', $u - $c, $l - $c, $t - $c, $full, $f, $decimal, $digit;
    if (!exists $record_of{$key}) {
        $record_of{$key} = @records;
        push @records, $key;
    }
    $type[$c] = $record_of{$key};
}

open_out('unicode_types.h', 'predicates, case mappings, numeric values');
print $fh "enum {\n", (map { "    CT_$_ = $flag{$_},\n" } sort { $flag{$a} <=> $flag{$b} } keys %flag), "};\n";
print $fh "/* Differences to the simple mappings; full: place in type_full of (count, code points) for lower, title, upper,\n",
    "   folded, or 0 when the simple ones say it all. */\n",
    "typedef struct { int32_t upper, lower, title; uint16_t full, flags; uint8_t decimal, digit; } TypeRecord;\n";
print $fh "static const TypeRecord type_records[] = {\n", (map { "{$_},\n" } @records), "};\n";
array('uint32_t', 'type_full', \@full);
two_stage('type', \@type, 7);
my @codes = sort { $a <=> $b } keys %numeric;
array('uint32_t', 'numeric_code', \@codes);
print $fh "static const double numeric_value[", scalar @codes, "] = {\n";
for (@codes) {
    my $v = $numeric{$_};
    $v =~ s{^(-?\d+)/(\d+)$}{$1.0/$2} or $v .= '.0';
    print $fh "$v,\n";
}
print $fh "};\n";
close $fh;

# -- Data for unicodedata -----------------------------------------------------

my %at_category; @at_category{@categories} = 0 .. $#categories;
my %at_bidi; @at_bidi{@bidis} = 0 .. $#bidis;
my %at_width; @at_width{@widths} = 0 .. $#widths;
my (@drecords, %drecord_of, @data);
my ($nfdqc, $nfkdqc, $nfcqc, $nfkcqc) = map { values_of($_) } qw(NFD_QC NFKD_QC NFC_QC NFKC_QC);
sub quick { my $v = shift; return $v =~ /^Y/ ? 0 : $v =~ /^M/ ? 1 : 2 }

for my $c (0 .. $MAX - 1) {
    my $g = $gc->[$c];
    # 3.11 gives unassigned characters the first width of its list.
    my $width = $g eq 'Cn' ? 'F' : $ea->[$c];
    my $bidi = $g eq 'Cn' ? 0 : $at_bidi{$bc->[$c]};
    my $key = join ',', $at_category{$g}, $ccc->[$c] =~ /^\d+$/ ? $ccc->[$c] : die("ccc $ccc->[$c]"), $bidi // die("bc $bc->[$c]"),
        substr($is{Bidi_M}, $c, 1) eq "\1" ? 1 : 0, $at_width{$width} // die("ea $ea->[$c]"),
        quick($nfdqc->[$c]) | quick($nfkdqc->[$c]) << 2 | quick($nfcqc->[$c]) << 4 | quick($nfkcqc->[$c]) << 6;
    if (!exists $drecord_of{$key}) {
        $drecord_of{$key} = @drecords;
        push @drecords, $key;
    }
    $data[$c] = $drecord_of{$key};
}

open_out('unicode_data.h', 'categories, decompositions, compositions');
print $fh "typedef struct { uint8_t category, combining, bidirectional, mirrored, width, quick; } DataRecord;\n";
print $fh "static const char *const category_names[] = {", (map { "\"$_\"," } @categories), "};\n";
print $fh "static const char *const bidirectional_names[] = {", (map { "\"$_\"," } @bidis), "};\n";
print $fh "static const char *const width_names[] = {", (map { "\"$_\"," } @widths), "};\n";
print $fh "static const DataRecord data_records[] = {\n", (map { "{$_},\n" } @drecords), "};\n";
two_stage('data', \@data, 7);

# Code points that Unicode 3.2 had.
my ($ages, $versions) = prop_invmap('age');
my @old;
for my $i (0 .. $#$ages) {
    my ($major, $minor) = $versions->[$i] =~ /^V?(\d+)[._](\d+)$/ or next;
    next if $major > 3 || ($major == 3 && $minor > 2);
    my $end = ($i < $#$ages ? $ages->[$i + 1] : $MAX) - 1;
    if (@old && $old[-1][1] == $ages->[$i] - 1) { $old[-1][1] = $end } else { push @old, [$ages->[$i], $end] }
}
print $fh "static const struct { uint32_t first, last; } old_ranges[] = {\n", (map { "{$_->[0],$_->[1]},\n" } @old), "};\n";

my $text = do 'unicore/Decomposition.pl' or die "Decomposition.pl: $@ $!";
my (@prefixes, %prefix_at, @decomp, @decomp_of, @pairs);
@prefixes = (''); $prefix_at{''} = 0;
@decomp = (0);
$decomp_of[$_] = 0 for 0 .. $MAX - 1;
for (split /\n/, $text) {
    my ($from, $to, $what) = /^([0-9A-F]+)\t([0-9A-F]*)\t(.*)$/ or next;
    my $prefix = $what =~ s/^(<\w+>) // ? $1 : '';
    my @to = map { hex } split / /, $what;
    next if @to == 0 || $what =~ /[^0-9A-F ]/;
    if (!exists $prefix_at{$prefix}) { $prefix_at{$prefix} = @prefixes; push @prefixes, $prefix }
    for my $c (hex $from .. ($to eq '' ? hex $from : hex $to)) {
        next if $c >= 0xac00 && $c <= 0xd7a3;
        $decomp_of[$c] = @decomp;
        push @decomp, $prefix_at{$prefix} | @to << 8, @to;
        push @pairs, [@to, $c] if $prefix eq '' && @to == 2 && substr($is{CompEx}, $c, 1) eq "\0";
    }
}
print $fh "static const char *const decomposition_prefixes[] = {", (map { "\"$_\"," } @prefixes), "};\n";
array('uint32_t', 'decomposition', \@decomp);
two_stage('decomposition_at', \@decomp_of, 6);
print $fh "static const struct { uint32_t first, second, composed; } compositions[] = {\n",
    (map { "{$_->[0],$_->[1],$_->[2]},\n" } sort { $a->[0] <=> $b->[0] || $a->[1] <=> $b->[1] } @pairs), "};\n";
close $fh;

# -- Names --------------------------------------------------------------------

my %alias;    # code point -> { name -> 1 }
my ($alist, $amap) = prop_invmap('Name_Alias');
for my $i (0 .. $#$alist) {
    my $x = $amap->[$i];
    next if !ref $x && $x eq '';
    my $end = $i < $#$alist ? $alist->[$i + 1] : $MAX;
    for my $c ($alist->[$i] .. $end - 1) {
        for my $a (ref $x ? @$x : $x) { my ($name) = $a =~ /^(.*?)(?::.*)?$/; $alias{$c}{$name} = 1 }
    }
}
my (%name, %sequence);
$text = do 'unicore/Name.pl' or die "Name.pl: $@ $!";
for (split /\n\n/, $text) {
    my ($code, $name) = /^([0-9A-F ]+)\n(.+)$/s or next;
    if ($code =~ / /) { $sequence{$name} = [map { hex } split / /, $code]; next }
    my $c = hex $code;
    next if $alias{$c}{$name};
    next if $gc->[$c] =~ /^(Cc|Cs|Co|Cn)$/;
    next if $name =~ /-([0-9A-F]+)$/ && hex($1) == $c && $name =~ /^(CJK|NUSHU|KHITAN|TANGUT)/;
    $name{$c} //= $name;
}
open_out('unicode_names.h', 'names, aliases, named sequences');
my %count;
$count{$_}++ for map { split / /, $_ } values %name;
my @words = sort { $count{$b} <=> $count{$a} || $a cmp $b } keys %count;
my %word_at; @word_at{@words} = 0 .. $#words;
my ($lexicon, @word_offset) = ('');
for (@words) { push @word_offset, length $lexicon; $lexicon .= $_ }
push @word_offset, length $lexicon;
array('uint8_t', 'name_lexicon', [unpack 'C*', $lexicon]);
array('uint32_t', 'name_word_offset', \@word_offset);
my (@ncodes, @noffset, @nbytes, @hash);
my $slots = 1 << 17;
$hash[$_] = 0 for 0 .. $slots - 1;
sub fnv { my $h = 2166136261; for (unpack 'C*', $_[0]) { $h = (($h ^ $_) * 16777619) & 0xffffffff } return $h }
for my $c (sort { $a <=> $b } keys %name) {
    push @noffset, scalar @nbytes;
    for (split / /, $name{$c}) {
        my $w = $word_at{$_};
        push @nbytes, $w < 128 ? $w : (128 | $w >> 8, $w & 255);
    }
    push @nbytes, 255;    # 255 would be word 0x7f00 and more: none so large
    push @ncodes, $c;
    my $h = fnv($name{$c}) & ($slots - 1);
    $h = ($h + 1) & ($slots - 1) while $hash[$h];
    $hash[$h] = @ncodes;    # place + 1
}
die "too many words" if @words >= 0x7f00;
array('uint32_t', 'name_code', \@ncodes);
array('uint32_t', 'name_offset', \@noffset);
array('uint8_t', 'name_bytes', \@nbytes);
print $fh "#define NAME_HASH_SLOTS $slots\n";
array('uint16_t', 'name_hash', \@hash);
my @aliases;
for my $c (keys %alias) { push @aliases, [$_, $c] for keys %{ $alias{$c} } }
print $fh "static const struct { const char *name; uint32_t code; } name_aliases[] = {\n",
    (map { "{\"$_->[0]\",$_->[1]},\n" } sort { $a->[0] cmp $b->[0] } @aliases), "};\n";
print $fh "static const struct { const char *name; uint8_t n; uint16_t code[4]; } named_sequences[] = {\n",
    (map { my $s = $sequence{$_}; "{\"$_\"," . @$s . ",{" . join(',', @$s) . "}},\n" } sort keys %sequence), "};\n";
close $fh;
