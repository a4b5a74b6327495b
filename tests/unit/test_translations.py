import polib
import pytest

from dev import translations

EXPORTED = """
msgid ""
msgstr ""
"POT-Creation-Date: 2030-01-01 00:00+0000\\n"
"Last-Translator: Somebody\\n"

#. module: crm_x
#: model:ir.model,name:crm_x.model_x
msgid "Zone"
msgstr ""

#. module: crm_x
#. odoo-python
#: code:addons/crm_x/models/x.py:0
msgid "Call %(name)s at %s"
msgstr ""
"""


@pytest.fixture
def template():
    return translations.prepare_template(EXPORTED)


def translate(**translated):
    """Return a Spanish file with the terms of the template, some of them in other words."""
    known = {'Zone': 'Zona', 'Call %(name)s at %s': 'Llamar a %(name)s a las %s'} | translated
    result = polib.POFile()
    for msgid, msgstr in known.items():
        result.append(polib.POEntry(msgid=msgid, msgstr=msgstr))
    return result


def find(template, translation):
    return list(translations.find_problems(template, translation))


def find_in(msgid, msgstr):
    """Return the problems of one pair of texts."""
    files = [polib.POFile(), polib.POFile()]
    for file in files:
        file.append(polib.POEntry(msgid=msgid, msgstr=msgstr))
    return find(*files)


def test_template_has_no_dates_and_no_names_and_is_sorted(template):
    assert [entry.msgid for entry in template] == ['Call %(name)s at %s', 'Zone']
    assert '2030' not in str(template)
    assert 'Somebody' not in str(template)


def test_complete_translation_has_no_problem(template):
    assert find(template, translate()) == []


def test_missing_term_is_reported_with_its_place(template):
    translation = translate()
    translation.remove(translation.find('Zone'))
    expected = ['no Spanish for "Zone" (model:ir.model,name:crm_x.model_x)']
    assert find(template, translation) == expected


@pytest.mark.parametrize('nothing', ['', ' '])
def test_empty_translation_is_reported(template, nothing):
    assert 'no Spanish for "Zone"' in find(template, translate(Zone=nothing))[0]


def test_fuzzy_entry_is_reported(template):
    translation = translate()
    translation.find('Zone').flags.append('fuzzy')
    assert find(template, translation) == ['fuzzy: "Zone"']


def test_entry_without_term_is_reported(template):
    assert find(template, translate(Gone='Ido')) == ['obsolete: "Gone"']


def test_entry_commented_out_is_reported(template):
    translation = translate(Gone='Ido')
    translation.find('Gone').obsolete = True
    assert find(template, translation) == ['obsolete: "Gone"']


@pytest.mark.parametrize(
    ('msgid', 'msgstr'),
    [
        ('%s calls', 'Llamadas'),
        ('%s calls', '%d llamadas'),
        ('%(count)s calls', '%(cuenta)s llamadas'),
        ('%(count)s calls', '%(count)d llamadas'),
        ('Calls', '%s llamadas'),
        ('Dear {{ object.name }}', 'Hola {{ object.nombre }}'),
        ('{count} calls', 'Llamadas'),
        ('<b>Calls</b>', 'Llamadas'),
        ('<b>Calls</b>', '<i>Llamadas</i>'),
        ('<b>Calls</b>', '<b>Llamadas'),
        ('<i class="fa fa-phone"/> Call', '<i class="fa fa-bell"/> Llamar'),
    ],
)
def test_changed_placeholder_or_tag_is_reported(msgid, msgstr):
    assert 'differ' in find_in(msgid, msgstr)[0]


@pytest.mark.parametrize(
    ('msgid', 'msgstr'),
    [
        ('%(a)s of %(b)s', '%(b)s de %(a)s'),
        ('100% done', 'al 100 % de todo'),
        ('100%% of %s', '%s al 100 %%'),
        ('Dear {{object.name}}', 'Hola {{object.name}}'),
        ('<i title="Call" class="fa"/> Call', '<i title="Llamar" class="fa"/> Llamar'),
    ],
)
def test_placeholders_and_tags_in_another_order_are_right(msgid, msgstr):
    assert find_in(msgid, msgstr) == []


def test_renewed_file_keeps_translations_and_adds_new_terms_empty(template):
    known = translate(Gone='Ido')
    known.remove(known.find('Zone'))
    renewed = translations.prepare_translation(template, known)
    assert {entry.msgid: entry.msgstr for entry in renewed} == {
        'Call %(name)s at %s': 'Llamar a %(name)s a las %s',
        'Zone': '',
    }
    assert renewed.find('Zone').occurrences == template.find('Zone').occurrences


def test_renewed_file_keeps_the_translation_of_a_term_that_changed_in_spaces(template):
    known = polib.POFile()
    known.append(polib.POEntry(msgid='Call  %(name)s\n at %s', msgstr='Llamar'))
    renewed = translations.prepare_translation(template, known)
    assert renewed.find('Call %(name)s at %s').msgstr == 'Llamar'


def test_renewed_file_keeps_the_doubt(template):
    known = translate()
    known.find('Zone').flags.append('fuzzy')
    renewed = translations.prepare_translation(template, known)
    assert find(template, renewed) == ['fuzzy: "Zone"']


def test_files_are_right_once_renewed_and_translated(template, tmp_path):
    folder = tmp_path / 'crm_x' / 'i18n'
    folder.parent.mkdir()
    assert any('out of date' in problem for problem in translations.check_addon(folder, template))

    translations.renew_addon(folder, template)
    problems = list(translations.check_addon(folder, template))
    assert len(problems) == 2
    assert all('no Spanish' in problem for problem in problems)

    spanish = polib.pofile(str(folder / 'es.po'))
    for entry in spanish:
        entry.msgstr = translate().find(entry.msgid).msgstr
    spanish.save()
    translations.renew_addon(folder, template)
    before = [path.read_bytes() for path in sorted(folder.iterdir())]
    translations.renew_addon(folder, template)
    assert list(translations.check_addon(folder, template)) == []
    assert [path.read_bytes() for path in sorted(folder.iterdir())] == before


def test_long_list_of_problems_is_cut(tmp_path):
    template = polib.POFile()
    for number in range(23):
        template.append(polib.POEntry(msgid=f'Term {number:02}'))
    problems = list(translations.check_addon(tmp_path / 'crm_x' / 'i18n', template))[1:]
    assert len(problems) == 21
    assert problems[-1].endswith('es.po: and 3 more')


def test_entry_at_an_old_place_is_reported(template, tmp_path):
    folder = tmp_path / 'crm_x' / 'i18n'
    folder.parent.mkdir()
    translations.renew_addon(folder, template)
    translate().save(str(folder / 'es.po'))
    problem = next(translations.check_addon(folder, template))
    assert problem.endswith('es.po: places or layout out of date')
