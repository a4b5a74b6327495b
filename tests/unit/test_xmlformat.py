from textwrap import dedent

import pytest

from dev.xmlformat import XmlFormatError, check_file, find_files, format_xml, main


def lay_out(text):
    result = format_xml(dedent(text))
    assert format_xml(result) == result, 'a second run must change nothing'
    return result.removeprefix('<?xml version="1.0" encoding="utf-8"?>\n')


def expect(text):
    return dedent(text).lstrip('\n')


def test_declaration_missing_is_added():
    assert format_xml('<odoo/>') == '<?xml version="1.0" encoding="utf-8"?>\n<odoo/>\n'


def test_declaration_in_another_spelling_is_replaced():
    assert format_xml("<?xml version='1.0' encoding='UTF-8' ?>\r\n<odoo></odoo>\r\n") == (
        '<?xml version="1.0" encoding="utf-8"?>\n<odoo/>\n'
    )


def test_structure_gets_four_spaces_and_one_blank_line():
    source = """
        <odoo>

          <record id="a" model="res.partner"><field name="active" eval="True"/></record>



          <record id="b" model="res.partner">
              <field name="name">B</field>

          </record>
        </odoo>
    """
    assert lay_out(source.strip()) == expect("""
        <odoo>
            <record id="a" model="res.partner">
                <field name="active" eval="True"/>
            </record>

            <record id="b" model="res.partner">
                <field name="name">B</field>
            </record>
        </odoo>
    """)


def test_tag_that_fits_is_joined():
    assert lay_out('<odoo><menuitem\n  id="a"\n  name="A"   /></odoo>') == expect("""
        <odoo>
            <menuitem id="a" name="A"/>
        </odoo>
    """)


@pytest.mark.parametrize('length', [100, 101])
def test_tag_is_broken_only_past_a_hundred_columns(length):
    frame = '    <menuitem id="a" name=""/>'
    name = 'n' * (length - len(frame))
    lines = lay_out(f'<odoo><menuitem id="a" name="{name}"/></odoo>').splitlines()[1:-1]
    if length == 100:
        assert lines == [f'    <menuitem id="a" name="{name}"/>']
    else:
        assert lines == ['    <menuitem', '        id="a"', f'        name="{name}"', '    />']


def test_broken_opening_tag_ends_above_its_children():
    title = 'n' * 90
    assert lay_out(f'<odoo><record id="a" model="{title}"><x/></record></odoo>') == expect(f"""
        <odoo>
            <record
                id="a"
                model="{title}"
            >
                <x/>
            </record>
        </odoo>
    """)


def test_python_literal_keeps_its_lines_and_moves_with_the_attribute():
    source = """
        <form><field name="partner_id" context="{
                   'default_name': name,
                     'deep': [1],
               }"/></form>
    """
    assert lay_out(source.strip()) == expect("""
        <form>
            <field
                name="partner_id"
                context="{
                    'default_name': name,
                      'deep': [1],
                }"
            />
        </form>
    """)


def test_quotes_and_entities_stay_as_written():
    source = """<odoo><a x='say "hi"' y="&quot;&lt;&#10;" z='plain'/></odoo>"""
    assert '<a x=\'say "hi"\' y="&quot;&lt;&#10;" z="plain"/>' in lay_out(source)


def test_comments_keep_their_place():
    source = """
        <odoo><!-- above -->
        <a/> <!-- behind -->
            <!-- two
                 lines -->
        <b/>
        </odoo>
    """
    assert lay_out(source.strip()) == expect("""
        <odoo>
            <!-- above -->
            <a/> <!-- behind -->
            <!-- two
                 lines -->
            <b/>
        </odoo>
    """)


def test_data_is_kept_to_the_letter():
    code = '<field name="code">\nfor x in y:\n        go(x)  \n\n\n</field>'
    assert code in lay_out(f'<odoo><record id="a" model="m">{code}</record></odoo>')


def test_spaces_as_data_are_kept():
    assert '<field name="separator"> </field>' in lay_out(
        '<odoo><field name="separator"> </field><field name="empty">\n  </field></odoo>'
    )


def test_cdata_is_kept_to_the_letter():
    cdata = '<![CDATA[\n <p>1 < 2</p>\n     ]]>'
    assert f'<field name="body">{cdata}</field>' in lay_out(
        f'<odoo>  <field name="body">{cdata}</field></odoo>'
    )


@pytest.mark.parametrize('tag', ['pre', 'textarea'])
def test_literal_element_is_kept_to_the_letter(tag):
    literal = f'<{tag}>\n a\n    b  </{tag}>'
    assert literal in lay_out(f'<templates><div>\n{literal}\n</div></templates>')


def test_mixed_text_keeps_its_lines_and_moves_as_a_block():
    source = """
        <odoo><field name="help" type="html">
        <p>
        Plan a call with <b>one</b> customer,
          or with <i>many</i>.
        </p></field></odoo>
    """
    assert lay_out(source.strip()) == expect("""
        <odoo>
            <field name="help" type="html">
                <p>
                    Plan a call with <b>one</b> customer,
                      or with <i>many</i>.
                </p>
            </field>
        </odoo>
    """)


def test_touching_inline_tags_keep_touching():
    assert '<div><b>1</b><i>2</i></div>' in lay_out(
        '<templates><div><b>1</b><i>2</i></div></templates>'
    )


def test_touching_block_tags_are_parted():
    assert lay_out('<form><group><field name="a"/><field name="b"/></group></form>') == expect("""
        <form>
            <group>
                <field name="a"/>
                <field name="b"/>
            </group>
        </form>
    """)


@pytest.mark.parametrize('source', ['<odoo>', '<odoo a=1/>', '<odoo>&nbsp;</odoo>', ''])
def test_malformed_file_is_refused(source):
    with pytest.raises(XmlFormatError, match='not well-formed'):
        format_xml(source)


def test_check_names_the_first_line_and_fix_puts_it_right(tmp_path, capsys):
    path = tmp_path / 'views.xml'
    path.write_text('<?xml version="1.0" encoding="utf-8"?>\n<odoo>\n  <a/>\n</odoo>\n')
    assert check_file(path) == 'not formatted, first at line 3'
    assert main([str(tmp_path)]) == 1
    assert f'{path}: not formatted, first at line 3' in capsys.readouterr().out
    assert main(['--fix', str(tmp_path)]) == 0
    assert main([str(tmp_path)]) == 0


def test_fix_does_not_touch_a_malformed_file(tmp_path):
    path = tmp_path / 'views.xml'
    path.write_text('<odoo>')
    assert 'not well-formed' in check_file(path, fix=True)
    assert path.read_text() == '<odoo>'


def test_libraries_of_others_are_left_out(tmp_path):
    for name in ('static/lib/other.xml', 'views/ours.xml'):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).write_text('<odoo/>')
    assert find_files([tmp_path]) == [tmp_path / 'views/ours.xml']
