"""A company in Ireland that sells, serves and maintains machines of cideries and workshops."""

ZONE = 'Europe/Dublin'
COUNTRY = 'ie'
COMPANY = {
    'name': 'Blackwater Machinery',
    'street': '14 Quay Road',
    'city': 'Fermoy',
    'zip': 'P61 X024',
    'phone': '+353 25 000 100',
    'email': 'office@blackwater.example.com',
    'website': 'https://blackwater.example.com',
}
LOGO = 'blackwater.png'
TAX = ('VAT 23 %', 23.0)
PHONE = ('+353 86', 7)
PRODUCTS = {
    'maintenance': ('Maintenance, flat rate', 350.0, True),
    'support': ('Remote support', 320.0, True),
    'rental': ('Rental of a filler', 340.0, True),
    'inspection': ('Inspection of pressure vessels', 780.0, True),
    'warranty': ('Extended warranty', 2200.0, True),
    'hour': ('Hour of a technician', 58.0, True),
    'bottling': ('Mobile bottling, 1,000 bottles', 42.0, True),
    'project': ('Installation of a line', 9800.0, True),
    'press': ('Pneumatic press 25 hl', 8600.0, False),
    'pump': ('Must pump with hopper', 2900.0, False),
    'filler': ('Filler with 12 spouts', 11800.0, False),
    'filter': ('Crossflow filter', 6400.0, False),
    'compressor': ('Screw compressor 15 kW', 7300.0, False),
    'tank': ('Tank with cooling jacket 5,000 l', 4100.0, False),
}
PEOPLE = {
    'sales': 'Emma Doyle',
    'sales2': 'Liam Byrne',
    'salesmanager': 'Nora Walsh',
    'agent': 'Sean Murphy',
    'servicemanager': 'Aoife Ryan',
    'contracts': 'Owen Kelly',
    'accountant': 'Clare Nolan',
    'admin': 'Maeve Blackwater',
    'customer': 'Fiona Carroll',
}
SALES_TEAM, SUPPORT_TEAM, CLAIMS_TEAM = 'Machines and Service', 'Technical Support', 'After-Sales'
PLACES = [
    'Ardmore', 'Ballina', 'Bandon', 'Bantry', 'Birr', 'Boyle', 'Bray', 'Cahir', 'Carlow', 'Cashel',
    'Cavan', 'Clifden', 'Clonmel', 'Cobh', 'Dingle', 'Durrow', 'Ennis', 'Gorey', 'Howth', 'Kells',
    'Kenmare', 'Kilkee', 'Kinsale', 'Lismore', 'Listowel', 'Mallow', 'Midleton', 'Moate', 'Naas',
    'Navan', 'Nenagh', 'Roscrea', 'Skerries', 'Slane', 'Sligo', 'Thurles', 'Tralee', 'Trim',
    'Tullow', 'Westport', 'Wexford', 'Wicklow', 'Youghal', 'Athlone',
]  # fmt: skip
KINDS = ('{} Cider House', '{} Brewing Company', '{} Joinery Works')
SUPPLIERS = ['Alpine Pumps', 'Gasket and Seal Supply', 'Northern Drives', 'Steel Vessels Ltd']
STREETS = ('{} Main Street', '{} Mill Lane', 'Unit {}, Riverside Park', '{} Station Road')
CITIES = ('Cork', 'Kilkenny', 'Limerick', 'Waterford', 'Galway', 'Clonmel', 'Mallow', 'Ennis')
FUNCTIONS = ('Owner', 'Production Manager', 'Purchasing', 'Maintenance Manager', 'Administration')
FIRST_NAMES = (
    'Aidan', 'Anne', 'Brendan', 'Brigid', 'Cian', 'Ciara', 'Conor', 'Deirdre', 'Donal', 'Eileen',
    'Eoin', 'Gráinne', 'Hugh', 'Imelda', 'Jack', 'Joan', 'Kevin', 'Laura', 'Martin', 'Mary',
    'Niall', 'Orla', 'Patrick', 'Rachel', 'Ronan', 'Sarah', 'Sinead', 'Thomas', 'Una', 'Vincent',
)  # fmt: skip
LAST_NAMES = (
    'Barry', 'Brennan', 'Burke', 'Casey', 'Collins', 'Connolly', 'Daly', 'Dunne', 'Farrell',
    'Fitzgerald', 'Flynn', 'Foley', 'Gallagher', 'Healy', 'Hogan', 'Hughes', 'Keane', 'Lynch',
    'Maher', 'Moran', 'Nugent', 'Power', 'Quinn', 'Reilly', 'Shea', 'Sheehan', 'Sweeney', 'Tobin',
)  # fmt: skip

# === SALES === #

CAMPAIGNS = {
    'spring_fair': 'Cork Machinery Fair',
    'autumn_fair': 'Harvest Days',
    'search': 'Search ads: presses and pumps',
    'radio': 'Local radio, harvest',
    'checkup': 'Newsletter: check-up before the harvest',
    'winter': 'Winter offer for contracts',
}
CARDS_FILE, CARDS_SUBJECT = 'fair.vcf', 'Met at the fair'
FORMS = {'offer': 'Ask for an offer', 'winter': 'Winter offer for contracts'}
PHONE_LINE = 'Office'
CADENCE = 'After a first talk'
CADENCE_MAIL = (
    'What we spoke about',
    '<p>Dear {{ object.contact_name or "customer" }},</p><p>here are the figures that I promised. '
    'I will call in the next days.</p>',
)
CADENCE_CALL, CADENCE_TASK = 'Ask what they think of the figures', 'Send the reference list'
LOST_REASONS = (
    'Too expensive',
    'Bought from somebody else',
    'Put off until next year',
    'We deliver too late',
    'No answer any more',
    'Not our field',
)
INQUIRIES = (
    ('Press for the coming harvest', 'press', 8600),
    ('Second must pump', 'pump', 2900),
    ('Filler for small batches', 'filler', 11800),
    ('Filter instead of kieselguhr', 'filter', 6400),
    ('Compressor for the new workshop', 'compressor', 7300),
    ('Two tanks with cooling', 'tank', 8200),
    ('Maintenance of all machines', 'maintenance', 4200),
    ('Moving the bottling line', 'project', 9800),
    ('Replacement of the old press', 'press', 9400),
    ('Cooling for the fermentation cellar', 'tank', 12300),
    ('Dust extraction with compressor', 'compressor', 8800),
    ('Rental of a filler in autumn', 'rental', 2050),
    ('Inspection of six vessels', 'inspection', 3100),
    ('Line for cans', 'filler', 18400),
)
REQUESTS = (
    'We would like an offer, with delivery and start-up.',
    'What would it cost, and how soon could you deliver?',
    'Please call us in the morning, before ten if you can.',
    'We saw your machine at a neighbour and want the same.',
    'We need it before the season begins.',
)
CALLS = ('First talk', 'Questions about the offer', 'Date of the visit', 'Conditions of delivery')
CARE_CALLS = ('How does it run?', 'Parts for the season', 'Training of new people', 'Visit')
CALL_NOTES = (
    'Wants figures in writing by Friday.',
    'Decides together with the partner at the end of the month.',
    'Compares with one competitor; the price is not all.',
    'Asked whether the old machine is taken back.',
    'All is well, thinks of a second machine next year.',
    'Would like to see one at work first.',
    'Budget is agreed, delivery time decides.',
)
NEXT_STEPS = (
    ('todo', 'Send the drawing'),
    ('email', 'Send the offer again with the new date'),
    ('call', 'Ask for the decision'),
    ('todo', 'Ask production for the delivery date'),
)
MEETINGS = ('Visit', 'Demonstration', 'Talk about the offer', 'Measuring on site')

# === CONTRACTS === #

CONTRACTS = {
    'maintenance': ('Maintenance', 'Maintenance of all machines, two visits a year'),
    'support': ('Remote support', 'Remote support with 24 hours a year'),
    'rental': ('Rental', 'Rental of fillers'),
    'inspection': ('Inspections', 'Inspection of the pressure vessels'),
    'warranty': ('Extended warranty', 'Extended warranty, parts included'),
    'project': ('New line', 'New line', 'order', 'delivery', 'start-up'),
    'bottling': ('Mobile bottling', 'Bottling, 1,000 bottles'),
    'hours': ('Work by the hour', ''),
}
CONTRACT_TERMS = 'Answers on working days. Travel is included, parts are charged apart.'
INDEX = ('Consumer prices', 'The statistical office, in the middle of the next month')
GROWN, SHRUNK = 'A second machine is included.', 'One machine was sold, the price is lowered.'
CLOSED = 'The company closes its own cellar.'
CONVERSION = ('Conversion of the control', 1450.0)
OLD_ACCOUNT = 'Sales of conversions, until last year'
WORK = ('Setting of the valves', 'Remote help', 'Visit on site', 'Programming', 'Start-up', 'Test')
PARTS = ('Seals and gaskets', 'Drive', 'Control cabinet', 'Stainless steel pipes', 'Sensors')

# === SERVICE === #

CATEGORIES = {
    'machine': 'Machines',
    'parts': 'Spare parts',
    'control': 'Control and software',
    'office': 'Invoices and contracts',
}
POLICIES = {'urgent': 'Machine stands still', 'high': 'High: half a day', 'normal': 'Within a day'}
MACROS = (
    ('Ask for the serial number', 'Please tell us the serial number on the plate.', 'waiting'),
    ('Part is on its way', 'The part left today and reaches you in three days.', 'solved'),
    ('Visit is planned', 'Our technician comes to you. The date follows.', 'open'),
)
TICKETS = (
    ('Press does not build up pressure', 'machine', 'It stops at 0.8 bar since this morning.',
     'Please check the membrane for a tear, and tell us the serial number.',
     'There is a tear near the seam. The number is P25-1107.',
     'A new membrane leaves today, with the instructions for the change.'),
    ('Pump runs hot', 'machine', 'After ten minutes the motor is too hot to touch.',
     'That is the bearing. Our technician comes with a new one.'),
    ('Which seal fits the filler?', 'parts', 'We need seals for twelve spouts.',
     'It is number 40-118. Shall we send two sets?', 'Yes please, two sets.',
     'They are on their way.'),
    ('Error E14 on the display', 'control', 'The line stops with E14 twice an hour.',
     'E14 is the light barrier. Please clean it and look whether it goes on.',
     'It went on after cleaning, thanks.', 'Good. We look at it again at the next visit.'),
    ('Compressor switches off', 'machine', 'It switches off as soon as all tools are on.',
     'Please send us the readings of the last week.', 'Here are the readings.',
     'The limit is set too low. We set it higher by remote access.'),
    ('Copy of the last invoice', 'office', 'Our bookkeeper has no copy of it.',
     'You find it in the portal; here it is again.'),
    ('Filter takes twice as long', 'machine', 'The flow has halved since the last cider.',
     'It needs the alkaline cleaning. The steps are in the attached sheet.'),
    ('New user for the control', 'control', 'A new cellar master needs access.',
     'Access is made; the password goes to him alone.'),
    ('Noise in the gear box', 'machine', 'A grinding noise when it starts.',
     'Does it go away after some seconds?', 'No, it stays.',
     'We come on Thursday and change the bearing.'),
    ('Cooling jacket leaks', 'machine', 'Glycol drips below the valve.',
     'Please close the valve; we bring a seal tomorrow.'),
    ('When is the next inspection?', 'office', 'The insurance asks for the date.',
     'It is planned for next month; the confirmation is attached.'),
    ('Spare drive for the conveyor', 'parts', 'We would like one on the shelf.',
     'We have it in stock. Shall it come with the next delivery?', 'Yes, that is soon enough.',
     'It is put aside for you.'),
    ('Report of the batches is empty', 'control', 'Since the update the report has no lines.',
     'We have set the filter back. Please try again.'),
    ('Line stands still', 'machine', 'Nothing moves, the whole shift waits.',
     'Please press the reset below the cover. A technician calls you now.'),
)  # fmt: skip
NOT_SOLVED = (
    'It happens again since this morning.',
    'Thanks, but it is not quite right yet.',
    'One more thing: can it wait until Monday?',
)
OPINIONS = {
    5: ('Quick and friendly.', 'Solved within the hour, thank you!', 'Always a pleasure.'),
    4: ('Good help.', 'Solved, a little slow at first.'),
    3: ('It works again.', 'Took two tries.'),
    2: ('I had to ask three times.',),
    1: ('Nobody called back for two days.', 'The machine still makes the noise.'),
}
# Subject, category and question: of a customer who writes twice, of what waits for a day, and of
# one cause of the questions of several.
TWICE = ('Photos of the torn membrane', 'machine', 'Here is the photo that I forgot.')
PUT_ASIDE = ('Training after the holidays', 'control', 'Could two people come to you?')
PROBLEM = (
    'Update 4.2 stops the light barrier',
    'control',
    'All lines that have it are concerned.',
)
INCIDENTS = ('E14 since the update', 'The line stops every hour', 'Light barrier does not answer')
# Subject, category, text, and every how many months.
RECURRING = (
    ('Check of the backups', 'control', 'Are all programs of the controls saved?', 1),
    ('Check-up before the season', 'machine', 'Seals, drives and safety devices.', 6),
)
TODOS = ('Ask the supplier for the date', 'Call back with the price', 'Order the part', 'Check log')
CLAIMS = (
    ('Tank arrived with a dent', 'damage', 'transport', 620,
     'There is a dent of a hand below the door.', 'We are sorry. Please send us two photos.'),
    ('Membrane tore after two weeks', 'defect', 'material', 540,
     'The new membrane is torn already.', 'That should not be. We send another one today.'),
    ('Wrong spouts delivered', 'wrong_delivery', 'order', 280,
     'We ordered twelve, ten of another size came.', 'The right ones leave today.'),
    ('Delivery three weeks late', 'late_delivery', 'supplier', 760,
     'We had to rent a pump meanwhile.', 'Please send us the invoice of the rental.'),
    ('Technician did not come', 'service', 'communication', 190,
     'Two people waited all morning for him.', 'Our mistake: the date was changed by us.'),
    ('Compressor louder than agreed', 'defect', 'supplier', 900,
     'We measured 78 dB instead of 69.', 'We come and measure with you.'),
    ('Crate broken, parts missing', 'damage', 'handling', 350,
     'The crate was open and four clamps are missing.', 'We send the clamps at once.'),
    ('Hours charged twice', 'invoicing', 'communication', 240,
     'The visit of the 12th is on both invoices.', 'We look into it today.'),
    ('Seal swells in contact with cider', 'defect', 'material', 310,
     'The seals swell within days.', 'Which cleaner do you use?'),
    ('Filter was run dry', 'defect', 'use', 880,
     'The modules are blocked after the first use.', 'Our technician looks at the log with you.'),
)  # fmt: skip
MEASURES = (
    ('corrective', 'Send a replacement'),
    ('corrective', 'Visit and repair'),
    ('preventive', 'Better corners for the crates'),
    ('preventive', 'Check incoming membranes with a light'),
    ('preventive', 'Confirm visits the day before'),
    ('corrective', 'Credit the difference'),
)
ROOT_CAUSES = ('A batch of bad material.', 'Nobody compared order and note.', 'Packed too loosely.')
RESOLUTIONS = ('Replaced free of charge.', 'Part of the price was credited.', 'Repaired on site.')
REJECTED = 'The log shows that it ran without water.'
SUPPLIER_REFUSES = 'The warranty of the supplier was over.'
INVOICE_CLAIM = 'The price was to rise only in January'
SEGMENTS = (
    ('Cider houses', [('name', 'ilike', 'cider')]),
    ('Breweries', [('name', 'ilike', 'brewing')]),
    ('Joineries', [('name', 'ilike', 'joinery')]),
    ('Customers around Cork', [('city', 'in', ['Cork', 'Mallow'])]),
)
